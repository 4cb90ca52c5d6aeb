/* The limit: one send() a reader a message, and nothing else. No library, no memory, no checks.

   bare PORT; then one line on standard input is one message. Each connection is answered with a
   fixed handshake (our load client does not check the key) and then only written to. */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define MOST 65536
static int readers[MOST], count;
static const char ANSWER[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                             "Connection: Upgrade\r\n\r\n";

static void send_all(const char *text, size_t length)
{
    static unsigned char frame[70000];
    size_t head = 2;
    frame[0] = 0x81;
    if (length < 126) {
        frame[1] = (unsigned char)length;
    } else {
        frame[1] = 126;
        frame[2] = (unsigned char)(length >> 8);
        frame[3] = (unsigned char)length;
        head = 4;
    }
    memcpy(frame + head, text, length);
    for (int i = 0; i < count; i++)
        if (send(readers[i], frame, head + length, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
            readers[i--] = readers[--count];
}

static void greet(int reader)
{
    char request[4096];
    if (recv(reader, request, sizeof request, 0) <= 0 || count == MOST) {
        close(reader);
        return;
    }
    send(reader, ANSWER, sizeof ANSWER - 1, MSG_NOSIGNAL);
    readers[count++] = reader;
}

int main(int argc, char **argv)
{
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(argc > 1 ? atoi(argv[1]) : 0)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int one = 1, listener = socket(AF_INET, SOCK_STREAM, 0), poll = epoll_create1(0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0 || listen(listener, 4096) < 0) {
        perror("bare");
        return 2;
    }
    struct epoll_event wanted = {.events = EPOLLIN, .data.fd = listener}, events[256];
    epoll_ctl(poll, EPOLL_CTL_ADD, listener, &wanted);
    wanted.data.fd = STDIN_FILENO;
    epoll_ctl(poll, EPOLL_CTL_ADD, STDIN_FILENO, &wanted);
    static char line[66000];
    for (;;) {
        int found = epoll_wait(poll, events, 256, -1);
        for (int i = 0; i < found; i++) {
            int fd = events[i].data.fd;
            if (fd == listener) {
                int reader = accept(listener, NULL, NULL);
                if (reader < 0)
                    continue;
                setsockopt(reader, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
                wanted.data.fd = reader;
                epoll_ctl(poll, EPOLL_CTL_ADD, reader, &wanted);
            } else if (fd == STDIN_FILENO) {
                if (!fgets(line, sizeof line, stdin))
                    return 0;
                size_t length = strlen(line);
                send_all(line, length && line[length - 1] == '\n' ? length - 1 : length);
            } else {
                /* The request, or the end: nothing else comes from a reader. */
                epoll_ctl(poll, EPOLL_CTL_DEL, fd, NULL);
                greet(fd);
            }
        }
    }
}
