// What the managers run. Its first instruction states itself: "<monotonic ns> <pid> <role>\n", in one write, into the FIFO
// of the benchmark. The FIFO stays open as long as the process lives: when the last writer is gone, its reader is told.
//
//   child hold FIFO             goes on until it is ended
//   child stubborn FIFO         the same, and ignores SIGTERM
//   child family FIFO           the same, with a grandchild in its group and one that has left group and session
//   child write FIFO LINES      writes so many numbered lines of 100 bytes, states that, and goes on

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int fifo;

static void state(const char *role) {
  struct timespec now;
  char text[128];
  clock_gettime(CLOCK_MONOTONIC, &now);
  int length = snprintf(text, sizeof text, "%lld %d %s\n", now.tv_sec * 1000000000LL + now.tv_nsec, (int)getpid(), role);
  if (write(fifo, text, (size_t)length) != length) _exit(4);
}

static void goOn(void) {
  for (;;) pause();
}

static void putAll(const char *bytes, size_t length) {
  while (length > 0) {
    ssize_t written = write(STDOUT_FILENO, bytes, length);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) _exit(5);
    bytes += written;
    length -= (size_t)written;
  }
}

static void writeLines(long count) {
  // Not a multiple of a line: what is torn by a manager shows.
  static char buffer[65536 + 100];
  size_t used = 0;
  for (long line = 1; line <= count; line++) {
    used += (size_t)sprintf(buffer + used, "%010ld %088d\n", line, 0);
    if (used >= 65536) {
      putAll(buffer, 65536);
      memmove(buffer, buffer + 65536, used - 65536);
      used -= 65536;
    }
  }
  putAll(buffer, used);
}

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  fifo = open(argv[2], O_WRONLY | O_CLOEXEC);
  if (fifo < 0) return 3;
  if (strcmp(argv[1], "stubborn") == 0) signal(SIGTERM, SIG_IGN);
  state(argv[1]);
  if (strcmp(argv[1], "write") == 0) {
    writeLines(argc > 3 ? atol(argv[3]) : 0);
    state("written");
  }
  if (strcmp(argv[1], "family") == 0) {
    if (fork() == 0) {
      state("grandchild");
      goOn();
    }
    if (fork() == 0) {
      setsid();
      if (fork() != 0) _exit(0);
      state("daemon");
      goOn();
    }
  }
  goOn();
}
