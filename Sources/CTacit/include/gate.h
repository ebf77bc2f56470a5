/* Whether a call may begin, and whether a fork has to wait. */
#ifndef TACIT_GATE_H
#define TACIT_GATE_H

/* Around each call of the library. A call that comes while a process is being forked waits for that. */
void tacit_gate_enter(void);
void tacit_gate_leave(void);

#endif
