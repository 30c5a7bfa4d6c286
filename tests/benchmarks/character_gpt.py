"""A character GPT written on scalars: it learns to write names, one letter after another.

One layer, four heads, embeddings of width 16; every sum and product below is one of scalars, of
whatever type `number` makes: they need + - * / ** and the methods exp, log and relu. Trained in two
ways: `Eager` builds the graph of each name anew and sweeps it; `Replayed` records one program for
each length of name, once, and replays it, as does `python -m tests.benchmarks.character_gpt`.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

__all__ = ["ALPHABET", "Adam", "CharacterGPT", "Eager", "Replayed", "expressions", "names", "train"]

WIDTH, HEADS, CONTEXT = 16, 4, 16
ALPHABET = ".abcdefghijklmnopqrstuvwxyz"
"""The point stands at either end of a name."""

NAMES = [
    "ada",
    "adam",
    "agnes",
    "aisha",
    "alan",
    "albert",
    "alice",
    "amir",
    "amy",
    "ana",
    "andrea",
    "anna",
    "anton",
    "aron",
    "astrid",
    "ava",
    "barbara",
    "basil",
    "beatrice",
    "ben",
    "bertha",
    "blaise",
    "bruno",
    "carl",
    "carla",
    "cecil",
    "charles",
    "chloe",
    "clara",
    "claude",
    "cora",
    "daniel",
    "daphne",
    "david",
    "diana",
    "dora",
    "edgar",
    "edith",
    "eleanor",
    "elena",
    "elias",
    "ella",
    "emil",
    "emma",
    "emmy",
    "enrico",
    "erik",
    "ernst",
    "esther",
    "eva",
    "felix",
    "fiona",
    "flora",
    "frank",
    "freya",
    "georg",
    "george",
    "grace",
    "greta",
    "hanna",
    "harriet",
    "hedy",
    "helen",
    "henri",
    "henry",
    "hilda",
    "hugo",
    "ida",
    "ines",
    "ingrid",
    "irene",
    "isaac",
    "iris",
    "ivan",
    "jacob",
    "jan",
    "jana",
    "jean",
    "joan",
    "johann",
    "john",
    "jonas",
    "judith",
    "julia",
    "karl",
    "katherine",
    "kurt",
    "lara",
    "laura",
    "lena",
    "leo",
    "leon",
    "leonard",
    "leonhard",
    "lev",
    "lily",
    "lina",
    "lisa",
    "louis",
    "luca",
    "lucy",
    "luise",
    "maia",
    "marc",
    "maria",
    "marie",
    "marta",
    "martha",
    "mary",
    "max",
    "maya",
    "mia",
    "michael",
    "mila",
    "mina",
    "mira",
    "nadia",
    "nicole",
    "niels",
    "nils",
    "nina",
    "noah",
    "noor",
    "nora",
    "olga",
    "oliver",
    "omar",
    "oscar",
    "otto",
    "pascal",
    "paul",
    "paula",
    "peter",
    "petra",
    "philippa",
    "pierre",
    "rachel",
    "ralph",
    "rene",
    "robert",
    "robin",
    "rosa",
    "rosalind",
    "ruth",
    "samira",
    "samuel",
    "sara",
    "sofia",
    "sonia",
    "sophie",
    "srinivasa",
    "stefan",
    "tara",
    "theo",
    "theodora",
    "thomas",
    "tim",
    "tina",
    "ulrich",
    "uma",
    "ursula",
    "valentina",
    "vera",
    "victor",
    "viola",
    "walter",
    "wanda",
    "werner",
    "wilhelmina",
    "william",
    "yara",
    "yuri",
    "zara",
    "zoe",
]


def names(count: int, seed: int = 0) -> list[list[int]]:
    """So many names as the tokens of their letters, with a point before and after."""
    chosen = random.Random(seed).choices(NAMES, k=count)
    return [[ALPHABET.index(letter) for letter in f".{name}."] for name in chosen]


def expressions(weights: Iterable[Any], inputs: Iterable[Any]) -> Any:
    """The sum of the products, each an expression of its own."""
    return sum(w * x for w, x in zip(weights, inputs, strict=True))


class CharacterGPT:
    """The model: its parameters, and the loss of one name.

    `dot` may be an engine's own sum of products. A token is its number or, where that is not known
    yet because the function is being recorded, one scalar a letter: 1 for the one it is, else 0.
    """

    def __init__(
        self, number: Callable[[float], Any], dot: Callable[..., Any] = expressions, seed: int = 0
    ) -> None:
        source = random.Random(seed)

        def matrix(rows: int, columns: int, size: float = 0.08) -> list[list[Any]]:
            return [[number(source.gauss(0.0, size)) for _ in range(columns)] for _ in range(rows)]

        self.dot = dot
        self.letters = matrix(len(ALPHABET), WIDTH)
        self.positions = matrix(CONTEXT, WIDTH)
        self.query, self.key, self.value = (matrix(WIDTH, WIDTH) for _ in range(3))
        self.mix = matrix(WIDTH, WIDTH)
        self.widen, self.narrow = matrix(4 * WIDTH, WIDTH), matrix(WIDTH, 4 * WIDTH)
        self.head = matrix(len(ALPHABET), WIDTH)

    def parameters(self) -> list[Any]:
        """All of them, matrix by matrix."""
        own = (self.letters, self.positions, self.query, self.key, self.value, self.mix)
        return [p for m in (*own, self.widen, self.narrow, self.head) for row in m for p in row]

    def loss(self, tokens: Sequence[Any]) -> Any:
        """The mean surprise at each letter after the first, in nats."""
        rows = self.logits(tokens[:-1])
        surprises = [self.surprise(row, token) for row, token in zip(rows, tokens[1:], strict=True)]
        return sum(surprises) / len(surprises)

    def surprise(self, logits: list[Any], token: Any) -> Any:
        """-log softmax(logits)[token]; logits stay small, so no maximum is taken off."""
        right = logits[token] if isinstance(token, int) else self.dot(token, logits)
        return sum(logit.exp() for logit in logits).log() - right

    def logits(self, tokens: Sequence[Any]) -> list[list[Any]]:
        """For each position what comes next, from that token and those before."""
        keys: list[list[Any]] = []
        values: list[list[Any]] = []
        return [self.following(token, keys, values) for token in tokens]

    def following(self, token: Any, keys: list[list[Any]], values: list[list[Any]]) -> list[Any]:
        """The logits after one more token, whose key and value join the others."""
        position = self.positions[len(keys)]
        x = self.normalized(added(self.embedding(token), position))
        x = added(x, self.attention(self.normalized(x), keys, values))
        wide = [z.relu() for z in self.linear(self.widen, self.normalized(x))]
        return self.linear(self.head, added(x, self.linear(self.narrow, wide)))

    def embedding(self, token: Any) -> list[Any]:
        """The row of a letter."""
        if isinstance(token, int):
            return self.letters[token]
        return [self.dot(token, column) for column in zip(*self.letters, strict=True)]

    def attention(self, x: list[Any], keys: list[list[Any]], values: list[list[Any]]) -> list[Any]:
        """What each head finds in the values so far, mixed."""
        query = self.linear(self.query, x)
        keys.append(self.linear(self.key, x))
        values.append(self.linear(self.value, x))
        size = WIDTH // HEADS
        found = []
        for first in range(0, WIDTH, size):
            part = slice(first, first + size)
            scores = [self.dot(query[part], key[part]) * size**-0.5 for key in keys]
            shares = softmax(scores)
            found += [
                self.dot(shares, column)
                for column in zip(*(value[part] for value in values), strict=True)
            ]
        return self.linear(self.mix, found)

    def linear(self, matrix: list[list[Any]], x: list[Any]) -> list[Any]:
        """A matrix times a vector."""
        return [self.dot(row, x) for row in matrix]

    def normalized(self, x: list[Any]) -> list[Any]:
        """Scaled to a mean square of 1."""
        scale = (self.dot(x, x) / len(x) + 1e-5) ** -0.5
        return [element * scale for element in x]


def added(x: list[Any], y: list[Any]) -> list[Any]:
    """Element by element."""
    return [a + b for a, b in zip(x, y, strict=True)]


def softmax(scores: list[Any]) -> list[Any]:
    """Shares that add up to 1."""
    powers = [score.exp() for score in scores]
    total = sum(powers)
    return [power / total for power in powers]


class Eager:
    """Loss and gradient by a graph built anew for each name."""

    def __init__(self, model: CharacterGPT) -> None:
        self.model, self.leaves = model, model.parameters()
        self.parameters = np.array([leaf.data for leaf in self.leaves])

    def gradient(self, tokens: list[int]) -> tuple[float, Any]:
        """The loss, and its derivative by every parameter."""
        for leaf, data in zip(self.leaves, self.parameters.tolist(), strict=True):
            leaf.data, leaf.grad = data, 0.0
        loss = self.model.loss(tokens)
        loss.backward()
        return loss.data, np.array([leaf.grad for leaf in self.leaves])


class Replayed:
    """Loss and gradient by one program for each length, recorded when it is first met."""

    def __init__(self, model: CharacterGPT, record: Callable[..., Any]) -> None:
        self.model, self.record = model, record
        self.places = {leaf: place for place, leaf in enumerate(model.parameters())}
        self.parameters = np.array([leaf.data for leaf in self.places])
        self.programs: dict[int, tuple[Any, Any]] = {}
        self.letters = np.eye(len(ALPHABET))

    def gradient(self, tokens: list[int]) -> tuple[float, Any]:
        """The loss, and its derivative by every parameter."""
        given = self.letters[tokens]
        if len(tokens) not in self.programs:
            program = self.record(self.model.loss, given)
            places = np.array([self.places[leaf] for leaf in program.captured])
            self.programs[len(tokens)] = program.stepper(), places
        stepper, places = self.programs[len(tokens)]
        sums = stepper.run([given.reshape(1, -1)], self.parameters[places], 1, 1.0)[1]
        gradient = np.zeros_like(self.parameters)
        gradient[places] = sums[1:]
        return float(sums[0]), gradient


class Adam:
    """Kingma 2015, on one array."""

    def __init__(self, rate: float = 0.01) -> None:
        self.rate, self.steps = rate, 0
        self.mean = self.square = np.zeros(())

    def step(self, gradient: Any) -> Any:
        """By how much the parameters change."""
        self.steps += 1
        self.mean = 0.9 * self.mean + 0.1 * gradient
        self.square = 0.99 * self.square + 0.01 * gradient * gradient
        mean, square = self.mean / (1 - 0.9**self.steps), self.square / (1 - 0.99**self.steps)
        return -self.rate * mean / (np.sqrt(square) + 1e-8)


def train(way: Eager | Replayed, documents: Sequence[list[int]]) -> list[float]:
    """One step of Adam a name; the losses."""
    adam = Adam()
    losses: list[float] = []
    for tokens in documents:
        loss, gradient = way.gradient(tokens)
        if not math.isfinite(loss):
            raise FloatingPointError(f"the loss is {loss} after {len(losses)} steps")
        way.parameters += adam.step(gradient)
        losses.append(loss)
    return losses


def written(way: Replayed, source: random.Random) -> str:
    """A name that the model makes up."""
    for leaf, data in zip(way.places, way.parameters.tolist(), strict=True):
        leaf.data = data
    tokens, keys, values = [0], list[Any](), list[Any]()
    while len(tokens) < CONTEXT:
        powers = [math.exp(z.data) for z in way.model.following(tokens[-1], keys, values)]
        tokens += source.choices(range(len(powers)), powers)
        if tokens[-1] == 0:
            break
    return "".join(ALPHABET[token] for token in tokens[1:]).rstrip(".")


def main() -> None:
    """Train on a thousand names and write ten."""
    from autograd_core import Value, record

    way = Replayed(CharacterGPT(Value), record)
    losses = train(way, names(1000))
    print(f"{len(way.parameters):,} parameters, {len(way.programs)} programs")
    for first in range(0, len(losses), 100):
        print(
            f"names {first + 1:>4} to {first + 100:>4}: {np.mean(losses[first : first + 100]):.3f}"
        )
    source = random.Random(1)
    print(", ".join(written(way, source) for _ in range(10)))


if __name__ == "__main__":
    main()
