"""What is set for a while is given back, whenever an interrupt comes."""

import gc
import signal
import sys

import pytest

from autograd_core import Value
from nn import MLP, Dropout, Layer, Sequential, backpropagation_table, fit, predict
from nn.landscape import over_parameters
from nn.training.objectives import in_evaluation
from nn.training.restoring import held

SAMPLES = [[1.0, 2.0], [0.0, 1.0], [2.0, 0.0]]
LAYER = Layer.of([[0.5, -0.5], [1.0, 0.25]], activation="tanh")
MODEL = Sequential(MLP(2, [2, 1], activation="tanh", seed=0), Dropout(0.5, seed=0))
WEIGHTS = [Value(3.0), Value(-1.0)]


def squares():
    return WEIGHTS[0] * WEIGHTS[0] + WEIGHTS[1]


def trained():
    fit(
        MODEL,
        SAMPLES,
        [1.0, 0.0, 1.0],
        validation=(SAMPLES, [1.0, 0.0, 1.0]),
        epochs=1,
        progress=False,
    )


WORK = {
    "evaluation": lambda: in_evaluation(MODEL, lambda: MODEL(SAMPLES[0])),
    "prediction": lambda: predict(MODEL, SAMPLES, "squared_error"),
    "table": lambda: backpropagation_table(LAYER, SAMPLES[0], [1.0, 0.0], "squared_error"),
    "landscape": lambda: over_parameters(squares, *WEIGHTS, (-1.0, 1.0), (-1.0, 1.0), points=2),
    "training": trained,
}


def work_until_interrupted(work, seconds, heard):
    signal.setitimer(signal.ITIMER_REAL, seconds)
    while not heard:
        work()  # `fit` ends at an interrupt, and returns


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there is no timer to interrupt")
@pytest.mark.parametrize("work", WORK.values(), ids=list(WORK))
def test_an_interrupt_leaves_nothing_set(work):
    heard = []

    def interrupt(*_):
        heard.append(True)
        raise KeyboardInterrupt

    MODEL.train()
    for number, parameter in enumerate(LAYER.parameters()):
        parameter.grad = float(number)
    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        for trial in range(150):
            heard.clear()
            traceback = None
            try:
                work_until_interrupted(work, 2e-5 * (1 + trial), heard)
            except KeyboardInterrupt as error:
                traceback = error  # which lives, as it does at a prompt
            assert all(module.training for module in MODEL.modules())
            assert [weight.data for weight in WEIGHTS] == [3.0, -1.0]
            gradients = [parameter.grad for parameter in LAYER.parameters()]
            assert gradients == list(map(float, range(len(gradients))))
            assert not (WEIGHTS[0] * 2.0).constant
            del traceback
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_no_name_is_kept_of_each_time_that_something_is_given_back():
    def blocks_after(times):
        for _ in range(times):
            held(WEIGHTS, "data")()
        gc.collect()
        return sys.getallocatedblocks()

    before = blocks_after(5)
    assert blocks_after(1000) - before < 50
