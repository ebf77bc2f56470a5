// What Embedded Swift asks of a system: memory, and products of 128 bits.

typedef __SIZE_TYPE__ size_t;
typedef unsigned long long word;

// MARK: Memory. Pieces of 2^c bytes, each behind its c; what is freed is kept for the next of its size.

enum { HEAD = 16, PAGE = 65536, SIZES = 32 };

extern unsigned char __heap_base;
static size_t top;
static void *spare[SIZES];

static int size_class(size_t bytes) {
  int c = 5;
  while (((size_t)1 << c) < bytes) c++;
  return c;
}

void *malloc(size_t bytes) {
  if (bytes > (size_t)1 << 30) return 0;
  int c = size_class(bytes + HEAD);
  char *piece = spare[c];
  if (piece) {
    spare[c] = *(void **)(piece + HEAD);
  } else {
    if (!top) top = ((size_t)&__heap_base + HEAD - 1) & ~(size_t)(HEAD - 1);
    size_t end = top + ((size_t)1 << c);
    size_t held = (size_t)__builtin_wasm_memory_size(0) * PAGE;
    if (end < top) return 0;
    if (end > held && __builtin_wasm_memory_grow(0, (end - held + PAGE - 1) / PAGE) == (size_t)-1) return 0;
    piece = (char *)top;
    top = end;
  }
  *(int *)piece = c;
  return piece + HEAD;
}

void free(void *memory) {
  if (!memory) return;
  char *piece = (char *)memory - HEAD;
  int c = *(int *)piece;
  *(void **)memory = spare[c];
  spare[c] = piece;
}

// Every piece is aligned to 16 bytes; nothing here asks for more.
int posix_memalign(void **memory, size_t alignment, size_t bytes) {
  if (alignment > HEAD) return 22;
  *memory = malloc(bytes);
  return *memory ? 0 : 12;
}

void *memcpy(void *restrict to, const void *restrict from, size_t bytes) {
  char *t = to;
  const char *f = from;
  for (; bytes >= 8; bytes -= 8, t += 8, f += 8) __builtin_memcpy(t, f, 8);
  while (bytes--) *t++ = *f++;
  return to;
}

void *memmove(void *to, const void *from, size_t bytes) {
  char *t = to;
  const char *f = from;
  if (t <= f || t >= f + bytes) return memcpy(to, from, bytes);
  while (bytes--) t[bytes] = f[bytes];
  return to;
}

void *memset(void *memory, int value, size_t bytes) {
  char *m = memory;
  while (bytes--) *m++ = (char)value;
  return memory;
}

int memcmp(const void *one, const void *other, size_t bytes) {
  const unsigned char *a = one, *b = other;
  for (; bytes; bytes--, a++, b++) {
    if (*a != *b) return *a - *b;
  }
  return 0;
}

// Nothing is written anywhere.
int putchar(int character) { return character; }

// MARK: Randomness, of whoever runs the module: seeds of hash tables.

__attribute__((import_module("tacit"), import_name("random"))) void tacit_random(void *memory, size_t bytes);

void arc4random_buf(void *memory, size_t bytes) { tacit_random(memory, bytes); }

// MARK: 128 bits, as clang calls for them. The result's place comes first.

struct wide {
  word low, high;
};

void __multi3(struct wide *product, word a, word a_high, word b, word b_high) {
  word a0 = (unsigned)a, a1 = a >> 32, b0 = (unsigned)b, b1 = b >> 32;
  word low = a0 * b0, one = a0 * b1, two = a1 * b0;
  word middle = (low >> 32) + (unsigned)one + (unsigned)two;
  product->low = middle << 32 | (unsigned)low;
  product->high = a1 * b1 + (one >> 32) + (two >> 32) + (middle >> 32) + a * b_high + a_high * b;
}

void __ashlti3(struct wide *result, word low, word high, int bits) {
  if (bits == 0) {
    *result = (struct wide){low, high};
  } else if (bits >= 64) {
    *result = (struct wide){0, low << (bits - 64)};
  } else {
    *result = (struct wide){low << bits, high << bits | low >> (64 - bits)};
  }
}

void __lshrti3(struct wide *result, word low, word high, int bits) {
  if (bits == 0) {
    *result = (struct wide){low, high};
  } else if (bits >= 64) {
    *result = (struct wide){high >> (bits - 64), 0};
  } else {
    *result = (struct wide){low >> bits | high << (64 - bits), high >> bits};
  }
}

void __ashrti3(struct wide *result, word low, word high, int bits) {
  word sign = (long long)high < 0 ? ~(word)0 : 0;
  if (bits == 0) {
    *result = (struct wide){low, high};
  } else if (bits >= 64) {
    *result = (struct wide){(word)((long long)high >> (bits - 64)), sign};
  } else {
    *result = (struct wide){low >> bits | high << (64 - bits), (word)((long long)high >> bits)};
  }
}
