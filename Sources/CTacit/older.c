#if defined(__linux__)

/* The one function of glibc 2.35 that the Swift runtime names, and nothing here calls. With one of its own the library
 * runs on glibc 2.34. */
__attribute__((visibility("hidden"))) float hypotf(float a, float b) {
  if (__builtin_isinf(a) || __builtin_isinf(b)) return __builtin_inff();
  /* A double has room for the squares and their sum. */
  return (float)__builtin_sqrt((double)a * a + (double)b * b);
}

#endif
