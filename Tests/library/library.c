/* libtacit as a program in C has it: what its functions make, what they refuse and with which code, from several
 * threads at once, and in a process that is forked while another thread makes the first proof.
 * usage: library FOLDER-OF-CIRCUITS/digits-mlp */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <tacit.h>
#include <unistd.h>

static int failures;

#define EXPECT(condition, ...)                        \
  do {                                                \
    if (!(condition)) {                               \
      failures++;                                     \
      printf("line %d: %s: ", __LINE__, #condition); \
      printf(__VA_ARGS__);                            \
      printf("\n");                                   \
    }                                                 \
  } while (0)

static tacit_buffer file(const char *folder, const char *name) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *stream = fopen(path, "rb");
  if (!stream) { perror(path); exit(2); }
  tacit_buffer bytes = {malloc(1 << 24), 0};
  bytes.count = fread(bytes.data, 1, 1 << 24, stream);
  fclose(stream);
  return bytes;
}

static int verify(
    tacit_key *key, tacit_buffer proof, const char *id, const char *context, tacit_buffer *out,
    tacit_buffer *message) {
  const uint8_t *proofs[] = {proof.data};
  return tacit_verify(
      key, proofs, &proof.count, 1, id, (const uint8_t *)context, context ? strlen(context) : 0, NULL,
      NULL, out, message);
}

/* What is expected of a call: its code, and words of its message and of its object. */
static void expect(
    int code, int wanted, tacit_buffer out, tacit_buffer message, const char *words, const char *kind,
    int line) {
  const char *said = message.data ? (const char *)message.data : "";
  const char *object = out.data ? (const char *)out.data : "";
  if (code != wanted || !strstr(said, words) || !strstr(object, kind)) {
    failures++;
    printf("line %d: %d, \"%s\", %s\n", line, code, said, object);
  }
  tacit_free(out.data);
  tacit_free(message.data);
}

static tacit_buffer model, input, prover_file, verifier_file;

static void make_keys(void) {
  tacit_buffer out, message;
  tacit_key *key = NULL;
  int code = tacit_compile(model.data, model.count, NULL, 0, NULL, NULL, &key, &out, &message);
  expect(code, TACIT_DONE, out, message, "", "\"model_id\": \"", __LINE__);
  EXPECT(tacit_key_file(key, 0, &prover_file, NULL) == TACIT_DONE, "prover");
  EXPECT(tacit_key_file(key, 1, &verifier_file, NULL) == TACIT_DONE, "verifier");
  tacit_release(key);
}

static tacit_key *opened(tacit_buffer bytes) {
  tacit_key *key = NULL;
  EXPECT(tacit_open(bytes.data, bytes.count, NULL, &key, NULL, NULL) == TACIT_DONE, "open");
  return key;
}

static tacit_buffer proven(tacit_key *prover, const char *context) {
  tacit_buffer proof = {NULL, 0}, message = {NULL, 0};
  int code = tacit_prove(
      prover, input.data, input.count, TACIT_AUTOMATIC, (const uint8_t *)context, strlen(context), NULL,
      &proof, &message);
  EXPECT(code == TACIT_DONE, "%d %s", code, message.data ? (char *)message.data : "");
  tacit_free(message.data);
  return proof;
}

static void refusals(const char *folder) {
  tacit_key *prover = opened(prover_file), *verifier = opened(verifier_file), *none = NULL;
  tacit_buffer out, message, proof = proven(prover, "job 7");
  int code = verify(verifier, proof, NULL, "job 7", &out, &message);
  expect(code, TACIT_DONE, out, message, "", "\"rejected\": 0", __LINE__);
  code = verify(prover, proof, NULL, NULL, &out, &message);
  expect(code, TACIT_DONE, out, message, "", "\"context\": \"6a6f622037\"", __LINE__);

  code = verify(verifier, proof, NULL, "job 8", &out, &message);
  expect(code, TACIT_REJECTED, out, message, "bound to context \"job 7\"", "\"other_context\"", __LINE__);
  char id[65];
  memset(id, '0', 64);
  id[64] = 0;
  code = verify(verifier, proof, id, NULL, &out, &message);
  expect(code, TACIT_REJECTED, out, message, "not of the model asked for", "\"pinned_model\"", __LINE__);
  code = verify(verifier, proof, "12", NULL, &out, &message);
  expect(code, TACIT_BAD_INPUT, out, message, "64 hexadecimal digits", "\"usage\"", __LINE__);
  proof.data[proof.count - 50] ^= 1;
  code = verify(verifier, proof, NULL, NULL, &out, &message);
  expect(code, TACIT_REJECTED, out, message, "does not prove what it states", "\"refused_proof\"", __LINE__);
  proof.data[proof.count - 50] ^= 1;
  tacit_buffer cut = {proof.data, proof.count - 1};
  code = verify(verifier, cut, NULL, NULL, &out, &message);
  expect(code, TACIT_REJECTED, out, message, "cannot be read", "\"malformed_proof\"", __LINE__);

  const uint8_t *both[] = {proof.data, cut.data};
  size_t counts[] = {proof.count, cut.count};
  tacit_buffer values;
  code = tacit_verify(verifier, both, counts, 2, NULL, NULL, 0, NULL, &values, &out, &message);
  EXPECT(values.count >= 64 + 10, "%zu", values.count);
  tacit_free(values.data);
  expect(code, TACIT_REJECTED, out, message, "1 of 2 proofs is rejected", "\"at\": 0", __LINE__);
  code = tacit_verify(verifier, NULL, NULL, 0, NULL, NULL, 0, NULL, NULL, &out, &message);
  expect(code, TACIT_BAD_INPUT, out, message, "no proof to verify", "\"no_proofs\"", __LINE__);
  code = tacit_verify(verifier, both, (size_t[]){(size_t)-1, 0}, 2, NULL, NULL, 0, NULL, NULL, &out, &message);
  expect(code, TACIT_BAD_INPUT, out, message, "are too many", "\"usage\"", __LINE__);

  code = tacit_open((const uint8_t *)"hello", 5, NULL, &none, &out, &message);
  expect(code, TACIT_BAD_INPUT, out, message, "not a file that tacit wrote", "\"verifier_key\"", __LINE__);
  code = tacit_open(NULL, 5, NULL, &none, &out, &message);
  expect(code, TACIT_BAD_INPUT, out, message, "NULL has no 5 bytes", "\"usage\"", __LINE__);
  code = tacit_open(verifier_file.data, verifier_file.count, id, &none, &out, &message);
  expect(code, TACIT_REJECTED, out, message, "not of the model asked for", "\"pinned_model\"", __LINE__);
  code = tacit_open(prover_file.data, prover_file.count, id, &none, &out, &message);
  expect(code, TACIT_REJECTED, out, message, "not of the model asked for", "\"pinned_model\"", __LINE__);
  EXPECT(none == NULL, "a refused key is none");

  code = tacit_prove(verifier, input.data, input.count, 0, NULL, 0, NULL, &out, &message);
  expect(code, TACIT_BAD_INPUT, out, message, "a prover key is needed", "\"usage\"", __LINE__);
  code = tacit_prove(NULL, input.data, input.count, 0, NULL, 0, NULL, &out, &message);
  expect(code, TACIT_BAD_INPUT, out, message, "given as a key is none", "\"usage\"", __LINE__);
  code = tacit_prove(prover, NULL, 0, 0, NULL, 0, NULL, &out, &message);
  expect(code, TACIT_BAD_INPUT, out, message, "there is no input", "\"usage\"", __LINE__);
  code = tacit_prove(prover, (const uint8_t *)"[1, 2]", 6, 0, NULL, 0, NULL, &out, &message);
  expect(code, TACIT_BAD_INPUT, out, message, "has shape [1, 64]", "\"input\"", __LINE__);
  code = tacit_prove(prover, input.data, input.count, 7, NULL, 0, NULL, &out, &message);
  expect(code, TACIT_BAD_INPUT, out, message, "says nothing of what numbers are", "\"usage\"", __LINE__);
  code = tacit_key_file(verifier, 0, &out, &message);
  expect(code, TACIT_BAD_INPUT, out, message, "a prover key is needed", "\"usage\"", __LINE__);

  tacit_buffer real = file(folder, "model.onnx");
  code = tacit_compile(real.data, real.count, NULL, 0, NULL, NULL, &none, &out, &message);
  expect(code, TACIT_BAD_INPUT, out, message, "has to be quantized", "\"calibration\"", __LINE__);
  code = tacit_compile((const uint8_t *)"junk", 4, NULL, 0, NULL, NULL, &none, &out, &message);
  expect(code, TACIT_BAD_INPUT, out, message, "cannot be compiled", "\"model\"", __LINE__);
  tacit_compilation choice = {.input = 5};
  code = tacit_compile(model.data, model.count, NULL, 0, &choice, NULL, &none, &out, &message);
  expect(code, TACIT_BAD_INPUT, out, message, "who learns a tensor", "\"usage\"", __LINE__);

  tacit_job *job = tacit_job_make(1);
  tacit_job_cancel(job);
  code = tacit_prove(prover, input.data, input.count, 0, NULL, 0, job, &out, &message);
  expect(code, TACIT_BAD_INPUT, out, message, "cancelled", "\"cancelled\"", __LINE__);
  tacit_release(job);
  job = tacit_job_make(0);
  EXPECT(tacit_job_progress(job) == 0, "not begun");
  code = tacit_prove(prover, input.data, input.count, 0, NULL, 0, job, &out, &message);
  EXPECT(tacit_job_progress(job) == 1, "%f", tacit_job_progress(job));
  expect(code, TACIT_DONE, out, message, "", "TACIT", __LINE__);
  tacit_release(job);

  code = tacit_inspect(verifier_file.data, verifier_file.count, NULL, NULL, 0, &out, &message);
  expect(code, TACIT_DONE, out, message, "", "\"circuit_digest\"", __LINE__);
  code = tacit_inspect(prover_file.data, prover_file.count, NULL, NULL, 1, &out, &message);
  expect(code, TACIT_DONE, out, message, "", "<!DOCTYPE html>", __LINE__);
  code = tacit_inspect(model.data, model.count, NULL, NULL, 0, &out, &message);
  expect(code, TACIT_DONE, out, message, "", "\"forecast\"", __LINE__);
  code = tacit_inspect(model.data, model.count, NULL, NULL, 1, &out, &message);
  expect(code, TACIT_BAD_INPUT, out, message, "is no key", "\"usage\"", __LINE__);
  EXPECT(tacit_version()[0] == '0', "%s", tacit_version());
  tacit_release(NULL);
  tacit_free(NULL);
  tacit_free(proof.data);
  tacit_release(prover);
  tacit_release(verifier);
}

static tacit_key *shared_prover, *shared_verifier;

static void *prove_and_verify(void *number) {
  for (int i = 0; i < 6; i++) {
    char context[32];
    snprintf(context, sizeof context, "%ld/%d", (long)(intptr_t)number, i);
    tacit_buffer proof = proven(shared_prover, context);
    EXPECT(verify(shared_verifier, proof, NULL, context, NULL, NULL) == TACIT_DONE, "%s", context);
    tacit_free(proof.data);
  }
  return NULL;
}

static void threads(void) {
  shared_prover = opened(prover_file);
  shared_verifier = opened(verifier_file);
  pthread_t all[4];
  for (intptr_t i = 0; i < 4; i++) pthread_create(&all[i], NULL, prove_and_verify, (void *)i);
  for (int i = 0; i < 4; i++) pthread_join(all[i], NULL);
  tacit_release(shared_prover);
  tacit_release(shared_verifier);
}

static void *prove_first(void *unused) {
  tacit_key *key = opened(prover_file);
  tacit_free(proven(key, "").data);
  tacit_release(key);
  return unused;
}

/* In a process that has proven nothing yet: forks while another thread makes the first proof, and proves there. */
static int fork_early(unsigned microseconds) {
  pthread_t other;
  pthread_create(&other, NULL, prove_first, NULL);
  usleep(microseconds);
  pid_t pid = fork();
  if (pid == 0) {
    alarm(60); /* The signal ends a process that waits for ever. */
    prove_first(NULL);
    _exit(failures != 0);
  }
  int status = 0;
  waitpid(pid, &status, 0);
  pthread_join(other, NULL);
  return status != 0 || failures != 0;
}

/* Runs a part in a process of its own. */
static int in_child(int (*part)(unsigned), unsigned argument) {
  fflush(stdout);
  pid_t pid = fork();
  if (pid == 0) _exit(part(argument));
  int status = 0;
  waitpid(pid, &status, 0);
  return status;
}

static void save(int pipe, tacit_buffer bytes) {
  if (write(pipe, &bytes.count, sizeof bytes.count) < 0 || write(pipe, bytes.data, bytes.count) < 0)
    exit(2);
}

static tacit_buffer load(int pipe) {
  tacit_buffer bytes = {NULL, 0};
  if (read(pipe, &bytes.count, sizeof bytes.count) < 0) exit(2);
  bytes.data = malloc(bytes.count);
  for (size_t have = 0; have < bytes.count;) {
    ssize_t more = read(pipe, bytes.data + have, bytes.count - have);
    if (more <= 0) exit(2);
    have += (size_t)more;
  }
  return bytes;
}

int main(int argc, char **argv) {
  if (argc != 2) return 2;
  model = file(argv[1], "model-int8-qdq.onnx");
  input = file(argv[1], "input.npy");
  /* Keys come from another process, so that this one and its children have used nothing of the library's yet. */
  int ends[2];
  if (pipe(ends) != 0) return 2;
  pid_t pid = fork();
  if (pid == 0) {
    make_keys();
    save(ends[1], prover_file);
    save(ends[1], verifier_file);
    _exit(failures != 0);
  }
  prover_file = load(ends[0]);
  verifier_file = load(ends[0]);
  int status = 0;
  waitpid(pid, &status, 0);
  EXPECT(status == 0, "keys: %d", status);

  for (unsigned i = 0; i < 24; i++) {
    status = in_child(fork_early, i * 500);
    EXPECT(status == 0, "forked after %u microseconds: %d", i * 500, status);
  }
  refusals(argv[1]);
  threads();
  if (failures > 0) printf("%d failures\n", failures);
  else printf("libtacit %s does what tacit.h says\n", tacit_version());
  return failures != 0;
}
