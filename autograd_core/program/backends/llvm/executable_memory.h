/* Memory that code may be run in, and what tells processors apart: what Python has no words for. */

#ifndef AUTOGRAD_CORE_EXECUTABLE_MEMORY_H
#define AUTOGRAD_CORE_EXECUTABLE_MEMORY_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__linux__) && defined(__x86_64__) && defined(__GNUC__)

#include <cpuid.h>
#include <sys/mman.h>

#define PROCESSOR_WORDS 20

/* All that cpuid and the system's settings say of what code may use; 0 where that is not known. */
static int processor_words(uint32_t *words)
{
    static const uint32_t leaves[][2] = {{0, 0}, {1, 0}, {7, 0}, {7, 1}, {0x80000001u, 0}};
    uint32_t a, b, c, d, low = 0, high = 0;
    memset(words, 0, PROCESSOR_WORDS * sizeof *words);
    for (size_t k = 0; k < sizeof leaves / sizeof *leaves; k++, words += 4) {
        if (!__get_cpuid_count(leaves[k][0], leaves[k][1], &a, &b, &c, &d))
            continue;
        if (leaves[k][0] == 1) {
            if (c & bit_OSXSAVE)
                __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
            b = low; /* where the number of the core stood, which is another at every call */
        }
        words[0] = a, words[1] = b, words[2] = c, words[3] = d;
    }
    return 1;
}

static void *writable_pages(size_t size)
{
    void *found = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return found == MAP_FAILED ? NULL : found;
}

/* Never to be written to and to be run at once; 0 where the system forbids that. */
static int make_executable(void *pages, size_t size)
{
    return mprotect(pages, size, PROT_READ | PROT_EXEC) == 0;
}

static void give_back(void *pages, size_t size)
{
    munmap(pages, size);
}

#else /* LLVM itself has to load what it compiled */

#define PROCESSOR_WORDS 1
static int processor_words(uint32_t *words) { *words = 0; return 0; }
static void *writable_pages(size_t size) { (void)size; return NULL; }
static int make_executable(void *pages, size_t size) { (void)pages; (void)size; return 0; }
static void give_back(void *pages, size_t size) { (void)pages; (void)size; }

#endif

#endif
