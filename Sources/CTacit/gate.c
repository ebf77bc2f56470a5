#include "gate.h"

#include <pthread.h>

/* A forked process has one thread. Whatever another one held at that moment, a lock of the generators' tables or
 * of the Swift runtime, would stay held in it for ever. So that none is held, a fork waits until no thread is in
 * the library, and calls that come meanwhile wait for the fork. No call calls back, so none waits for itself. */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static unsigned inside, forking;

static void prepare(void) {
  pthread_mutex_lock(&lock);
  forking++;
  while (inside > 0) pthread_cond_wait(&changed, &lock);
}

static void parent(void) {
  forking--;
  pthread_cond_broadcast(&changed);
  pthread_mutex_unlock(&lock);
}

/* Threads that waited are not in this process. */
static void child(void) {
  lock = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
  changed = (pthread_cond_t)PTHREAD_COND_INITIALIZER;
  inside = forking = 0;
}

__attribute__((constructor)) static void install(void) { pthread_atfork(prepare, parent, child); }

void tacit_gate_enter(void) {
  pthread_mutex_lock(&lock);
  while (forking > 0) pthread_cond_wait(&changed, &lock);
  inside++;
  pthread_mutex_unlock(&lock);
}

void tacit_gate_leave(void) {
  pthread_mutex_lock(&lock);
  if (--inside == 0) pthread_cond_broadcast(&changed);
  pthread_mutex_unlock(&lock);
}
