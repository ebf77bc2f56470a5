// The system's C library under one name. Importing it this way keeps Foundation, and the 34 MB of ICU
// data behind it, out of every program that links Tacit.

#if canImport(Glibc)
  @_exported public import Glibc
#elseif canImport(Musl)
  @_exported public import Musl
#else
  @_exported public import Darwin
#endif
