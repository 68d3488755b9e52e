// The floor: what a manager cannot be faster than. posix_spawn, waitpid, and nothing else.
//
//   floor COUNT RESTART GRACE_MS OUTPUT COMMAND [ARG…]
//
// RESTART   1: what exits is started again at once
// GRACE_MS  from SIGTERM to SIGKILL, when the floor itself gets SIGTERM
// OUTPUT    "-": none; "direct:FILE": the child writes it by itself; "pipe:FILE": read here and written there

#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static char **command;
static posix_spawn_file_actions_t actions;
static posix_spawnattr_t attributes;

static pid_t begin(void) {
  pid_t pid = 0;
  return posix_spawnp(&pid, command[0], &actions, &attributes, command, environ) == 0 ? pid : 0;
}

struct copy { int from, to; };

static void *copyAll(void *of) {
  struct copy *copy = of;
  static char buffer[65536];
  ssize_t length;
  while ((length = read(copy->from, buffer, sizeof buffer)) > 0)
    for (ssize_t done = 0; done < length;) {
      ssize_t written = write(copy->to, buffer + done, (size_t)(length - done));
      if (written <= 0) return NULL;
      done += written;
    }
  return NULL;
}

static void prepareOutput(const char *output) {
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  const char *file = strchr(output, ':');
  if (file == NULL) return;
  int to = open(file + 1, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (strncmp(output, "direct", 6) == 0) {
    posix_spawn_file_actions_adddup2(&actions, to, 1);
    return;
  }
  static int ends[2];
  static struct copy copy;
  pthread_t thread;
  if (pipe2(ends, O_CLOEXEC) != 0) exit(3);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
  copy = (struct copy){ends[0], to};
  pthread_create(&thread, NULL, copyAll, &copy);
}

int main(int argc, char **argv) {
  if (argc < 6) return 2;
  const int count = atoi(argv[1]), restart = atoi(argv[2]);
  const long graceMs = atol(argv[3]);
  command = argv + 5;

  sigset_t waited, none;
  sigemptyset(&waited);
  sigemptyset(&none);
  sigaddset(&waited, SIGCHLD);
  sigaddset(&waited, SIGTERM);
  sigprocmask(SIG_BLOCK, &waited, NULL);
  prepareOutput(argv[4]);
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
  posix_spawnattr_setsigmask(&attributes, &none);

  pid_t *pids = calloc((size_t)count, sizeof *pids);
  int living = 0;
  for (int i = 0; i < count; i++)
    if ((pids[i] = begin()) > 0) living++;

  int ending = 0;
  struct timespec deadline = {0, 0};
  while (living > 0) {
    int signal;
    if (ending == 1) {
      struct timespec now, left;
      clock_gettime(CLOCK_MONOTONIC, &now);
      long long ns = (deadline.tv_sec - now.tv_sec) * 1000000000LL + deadline.tv_nsec - now.tv_nsec;
      if (ns < 0) ns = 0;
      left = (struct timespec){ns / 1000000000LL, ns % 1000000000LL};
      signal = sigtimedwait(&waited, NULL, &left);
    } else {
      signal = sigwaitinfo(&waited, NULL);
    }
    if (signal == SIGTERM && ending == 0) {
      ending = 1;
      clock_gettime(CLOCK_MONOTONIC, &deadline);
      deadline.tv_sec += graceMs / 1000;
      deadline.tv_nsec += graceMs % 1000 * 1000000;
      for (int i = 0; i < count; i++)
        if (pids[i] > 0) kill(-pids[i], SIGTERM);
    } else if (signal < 0 && ending == 1) {
      ending = 2;
      for (int i = 0; i < count; i++)
        if (pids[i] > 0) kill(-pids[i], SIGKILL);
    }
    pid_t gone;
    while ((gone = waitpid(-1, NULL, WNOHANG)) > 0)
      for (int i = 0; i < count; i++)
        if (pids[i] == gone) {
          living--;
          pids[i] = restart && !ending ? begin() : 0;
          if (pids[i] > 0) living++;
        }
  }
  return 0;
}
