/* Tacit's library for programs in any language: bytes in, bytes out.
 *
 * Every function may be called from any thread, with the same key at once, and in a forked process.
 * A fork waits until the calls in progress have ended.
 *
 * A function that can fail returns TACIT_DONE, TACIT_REJECTED or TACIT_BAD_INPUT: what the command
 * `tacit` exits with. It then fills two buffers, each of which may be NULL:
 *   out      what it makes; where it fails one JSON object, as `tacit --json` prints: kind, message, where
 *   message  nothing; where it fails the message in plain words, one line or several
 * A buffer's bytes are followed by a zero that its count does not have, so that text may be printed as it is. They
 * are the caller's, and go back by tacit_free.
 *
 * Bytes that are given (`data` and its `count`) stay the caller's and may be anyone's: models, keys, proofs and
 * inputs are checked. A text ends with a zero and is in UTF-8.
 */
#ifndef TACIT_H
#define TACIT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TACIT_DONE 0
#define TACIT_REJECTED 1  /* the proof does not prove what is asked for */
#define TACIT_BAD_INPUT 2 /* what was handed over does not serve */

/* A prover key or a verifier key, read. */
typedef struct tacit_key tacit_key;
/* How a call uses the machine, and how far it is. */
typedef struct tacit_job tacit_job;

/* Bytes that the library made. */
typedef struct {
  uint8_t *data;
  size_t count;
} tacit_buffer;

/* Who learns a tensor. */
#define TACIT_PUBLIC 0    /* part of what is proven, for everyone to read */
#define TACIT_PRIVATE 1   /* known to the prover alone */
#define TACIT_COMMITTED 2 /* the proof holds a hiding commitment to it */

/* What numbers are. */
#define TACIT_AUTOMATIC 0 /* what the model's own input is */
#define TACIT_REALS 1     /* reals, to be quantized where the network takes integers */
#define TACIT_INTEGERS 2  /* integers that are quantized already */

/* What is chosen when compiling; all zero for what `tacit compile` does without options. */
typedef struct {
  int32_t input;          /* who learns the inputs: TACIT_PUBLIC, TACIT_PRIVATE, TACIT_COMMITTED */
  int32_t output;         /* who learns the outputs */
  int32_t weights_public; /* not 0: anyone who has the model file gets the same model id from it */
  int32_t numbers;        /* what the calibration inputs are */
  const char *name;       /* of the model in its keys; NULL for the model file's own */
  const char *shapes;     /* extents that the file leaves open, "image=1,3,224,224;mask=1,16"; or NULL */
  const char *folder;     /* where an ONNX model keeps weights in files of their own; NULL for none */
  /* The class of each calibration input, as an array file: the report then says how many are right. */
  const uint8_t *labels;
  size_t labels_count;
} tacit_compilation;

/* "0.1.0": lives as long as the library. */
const char *tacit_version(void);

/* Gives back the bytes of a buffer; NULL is nothing. */
void tacit_free(void *data);

/* Gives back a key or a job; NULL is nothing. A call in progress keeps what it uses. */
void tacit_release(void *key_or_job);

/* A job for one call, which may take so many threads; 0 for all processors. Calls take NULL for a job that nobody
 * looks at. */
tacit_job *tacit_job_make(int32_t threads);

/* How far a job's call is, from 0 to 1. */
double tacit_job_progress(tacit_job *job);

/* Ends a job's call at its next step; it then fails with the kind "cancelled". */
void tacit_job_cancel(tacit_job *job);

/* Compiles a model: ONNX or TFLite.
 *
 * calibration  typical inputs of a float model as an array file (.npy, .npz, JSON or CSV); NULL for a model that
 *              is quantized already
 * compilation  NULL for the defaults
 * key          a prover key
 * out          the report: model_id, rows, proof_bytes, quantization, notes */
int32_t tacit_compile(
    const uint8_t *model, size_t model_count, const uint8_t *calibration, size_t calibration_count,
    const tacit_compilation *compilation, tacit_job *job, tacit_key **key, tacit_buffer *out,
    tacit_buffer *message);

/* Reads a prover key or a verifier key.
 *
 * model_id  64 hexadecimal digits: refuses (TACIT_REJECTED) a key of any other model; or NULL
 * out       kind ("prover key" or "verifier key") and model_id */
int32_t tacit_open(
    const uint8_t *file, size_t file_count, const char *model_id, tacit_key **key,
    tacit_buffer *out, tacit_buffer *message);

/* The bytes of a key's file. Of a prover key: as_verifier chooses what to publish; the other is secret.
 *
 * out  the bytes */
int32_t tacit_key_file(
    const tacit_key *key, int32_t as_verifier, tacit_buffer *out, tacit_buffer *message);

/* Proves an inference, or several in one proof: one row each along the first extent.
 *
 * input    an array file: .npy, .npz, JSON or CSV
 * numbers  what the input's numbers are
 * context  up to 65,536 bytes that the proof is bound to
 * out      the bytes of a proof file */
int32_t tacit_prove(
    const tacit_key *prover, const uint8_t *input, size_t input_count, int32_t numbers,
    const uint8_t *context, size_t context_count, tacit_job *job, tacit_buffer *out,
    tacit_buffer *message);

/* Checks proofs of one model, together: for less than one after another.
 *
 * key           a verifier key; a prover key serves as well
 * proofs        `count` files, and the bytes of each
 * model_id      64 hexadecimal digits: refuses a key of any other model; or NULL
 * context       refuses proofs that are bound to other bytes; NULL accepts any and tells it
 * values        NULL, or takes the integers of all tensors, which `out` then does not hold: "values" of a tensor
 *               or of its last steps is {"at", "count", "type"}, a place in bytes and a type of NumPy's, little endian
 * out           "verified", "rejected" (how many), "proofs": for each what it proves, or kind and message. It has
 *               these too where the function returns TACIT_REJECTED because a proof is */
int32_t tacit_verify(
    const tacit_key *key, const uint8_t *const *proofs, const size_t *proof_counts, size_t count,
    const char *model_id, const uint8_t *context, size_t context_count, tacit_job *job,
    tacit_buffer *values, tacit_buffer *out, tacit_buffer *message);

/* What is in a model, a key or a proof; nothing secret, and nothing of a proof is verified.
 *
 * shapes, folder  as tacit_compilation has them, of a model
 * as_html         of a key: a page for a browser instead
 * out             one JSON object as `tacit inspect --json` prints it, or the page. A model that cannot be proven
 *                 is TACIT_BAD_INPUT, and `out` holds the object all the same */
int32_t tacit_inspect(
    const uint8_t *file, size_t file_count, const char *shapes, const char *folder, int32_t as_html,
    tacit_buffer *out, tacit_buffer *message);

/* The command `tacit`: prints, reads and writes files, and returns what the process is to exit with. Not for a
 * process that forks meanwhile. */
int32_t tacit_main(int32_t argc, const char *const *argv);

#ifdef __cplusplus
}
#endif

#endif
