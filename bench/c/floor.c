/*
 * The floor: as little work as a program can do for a restore or a listing. It encodes all requests first, sends them
 * in batches of 128 KiB with an acknowledgement for the last of each, and reads dumps with recvmmsg. It takes only the
 * rules that the benchmark makes (IPv4, TCP, masquerading) and checks nothing that a real program has to check.
 *
 *   floor restore <RULES     add services and destinations
 *   floor list               print the table in the layout of `-ln`, in the kernel's order
 *   floor add ADDRESS:PORT   add one TCP service
 *   floor digest             print what is in the table, counters aside, as counts and one number
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/ip_vs.h>
#include <linux/netlink.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BATCH (128 * 1024)
#define PART 32768
#define PARTS 4

static int fd;
static uint16_t family;
static uint32_t seq = 1;

static void die(const char *what) {
  perror(what);
  exit(1);
}

/* --- writing ------------------------------------------------------------------------------------------------ */

static char *out;
static size_t used, room;

static void need(size_t more) {
  if (used + more <= room) return;
  room = (room + more) * 2;
  out = realloc(out, room);
  if (out == NULL) die("realloc");
}

static size_t begin(uint8_t command, uint16_t flags) {
  need(512);
  struct nlmsghdr *header = (void *)(out + used);
  memset(header, 0, NLMSG_HDRLEN + GENL_HDRLEN);
  header->nlmsg_type = family;
  header->nlmsg_flags = NLM_F_REQUEST | flags;
  header->nlmsg_seq = seq++;
  struct genlmsghdr *generic = (void *)(header + 1);
  generic->cmd = command;
  generic->version = 1;
  size_t at = used;
  used += NLMSG_HDRLEN + GENL_HDRLEN;
  return at;
}

static void end(size_t at) { ((struct nlmsghdr *)(out + at))->nlmsg_len = used - at; }

static void put(uint16_t type, const void *bytes, uint16_t length) {
  struct nlattr *attribute = (void *)(out + used);
  attribute->nla_type = type;
  attribute->nla_len = NLA_HDRLEN + length;
  memcpy(attribute + 1, bytes, length);
  memset((char *)(attribute + 1) + length, 0, NLA_ALIGN(length) - length);
  used += NLA_HDRLEN + NLA_ALIGN(length);
}

static void put16(uint16_t type, uint16_t value) { put(type, &value, 2); }
static void put32(uint16_t type, uint32_t value) { put(type, &value, 4); }

static size_t nest(uint16_t type) {
  size_t at = used;
  put(type | NLA_F_NESTED, "", 0);
  return at;
}

static void nested(size_t at) { ((struct nlattr *)(out + at))->nla_len = used - at; }

static void put_endpoint(uint16_t address_type, uint32_t address, uint16_t port_type, uint16_t port) {
  char wide[16] = {0};
  memcpy(wide, &address, 4);
  put(address_type, wide, 16);
  put16(port_type, port);
}

static void put_service_id(uint32_t address, uint16_t port) {
  put16(IPVS_SVC_ATTR_AF, AF_INET);
  put16(IPVS_SVC_ATTR_PROTOCOL, IPPROTO_TCP);
  put_endpoint(IPVS_SVC_ATTR_ADDR, address, IPVS_SVC_ATTR_PORT, port);
}

static void add_service(uint32_t address, uint16_t port, const char *scheduler, size_t length) {
  struct ip_vs_flags flags = {.flags = 0, .mask = ~0u};
  size_t at = begin(IPVS_CMD_NEW_SERVICE, 0), inner = nest(IPVS_CMD_ATTR_SERVICE);
  char name[16] = {0};
  memcpy(name, scheduler, length < 15 ? length : 15);
  put_service_id(address, port);
  put(IPVS_SVC_ATTR_SCHED_NAME, name, length + 1);
  put(IPVS_SVC_ATTR_FLAGS, &flags, sizeof flags);
  put32(IPVS_SVC_ATTR_TIMEOUT, 0);
  put32(IPVS_SVC_ATTR_NETMASK, ~0u);
  nested(inner);
  end(at);
}

static void add_destination(uint32_t address, uint16_t port, uint32_t real, uint16_t real_port, uint32_t weight) {
  size_t at = begin(IPVS_CMD_NEW_DEST, 0), inner = nest(IPVS_CMD_ATTR_SERVICE);
  put_service_id(address, port);
  nested(inner);
  inner = nest(IPVS_CMD_ATTR_DEST);
  put_endpoint(IPVS_DEST_ATTR_ADDR, real, IPVS_DEST_ATTR_PORT, real_port);
  put32(IPVS_DEST_ATTR_FWD_METHOD, 0);
  put32(IPVS_DEST_ATTR_WEIGHT, weight);
  put32(IPVS_DEST_ATTR_U_THRESH, 0);
  put32(IPVS_DEST_ATTR_L_THRESH, 0);
  nested(inner);
  end(at);
}

/* --- the socket --------------------------------------------------------------------------------------------- */

static char parts[PARTS][PART];
static struct iovec vectors[PARTS];
static struct mmsghdr messages[PARTS];

static void send_bytes(const char *bytes, size_t length) {
  ssize_t sent = send(fd, bytes, length, 0);
  if (sent != (ssize_t)length) die("send");
}

/* Answers of a batch: nothing but one acknowledgement, or the floor has nothing to compare with. */
static void expect_ack(void) {
  struct {
    struct nlmsghdr header;
    struct nlmsgerr error;
    char rest[512];
  } answer;
  if (recv(fd, &answer, sizeof answer, 0) < 0) die("recv");
  if (answer.header.nlmsg_type != NLMSG_ERROR || answer.error.error != 0) {
    errno = -answer.error.error;
    die("the kernel refused");
  }
}

static void open_family(void) {
  int megabytes = 4 << 20;
  fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
  if (fd < 0) die("socket");
  setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &megabytes, sizeof megabytes);
  family = GENL_ID_CTRL;
  size_t at = begin(CTRL_CMD_GETFAMILY, 0);
  put(CTRL_ATTR_FAMILY_NAME, IPVS_GENL_NAME, sizeof IPVS_GENL_NAME);
  end(at);
  send_bytes(out, used);
  used = 0;
  ssize_t length = recv(fd, parts[0], PART, 0);
  struct nlmsghdr *header = (void *)parts[0];
  if (length < 0 || header->nlmsg_type != GENL_ID_CTRL) die("look-up of IPVS");
  char *attribute = parts[0] + NLMSG_HDRLEN + GENL_HDRLEN, *stop = parts[0] + length;
  for (; attribute < stop; attribute += NLA_ALIGN(((struct nlattr *)attribute)->nla_len))
    if (((struct nlattr *)attribute)->nla_type == CTRL_ATTR_FAMILY_ID)
      family = *(uint16_t *)(attribute + NLA_HDRLEN);
  for (int part = 0; part < PARTS; part++) {
    vectors[part] = (struct iovec){parts[part], PART};
    messages[part].msg_hdr = (struct msghdr){.msg_iov = &vectors[part], .msg_iovlen = 1};
  }
}

/* --- restore ------------------------------------------------------------------------------------------------ */

static const char *cursor;

static uint32_t number(void) {
  uint32_t value = 0;
  while (*cursor >= '0' && *cursor <= '9') value = value * 10 + (*cursor++ - '0');
  return value;
}

static uint32_t address(uint16_t *port) {
  uint32_t value = 0;
  for (int byte = 0; byte < 4; byte++) {
    value = value << 8 | number();
    cursor++;
  }
  *port = htons(number());
  return htonl(value);
}

static char *whole_input(void) {
  size_t length = 0, size = 1 << 20;
  char *text = malloc(size);
  for (ssize_t got; (got = read(0, text + length, size - length - 1)) > 0;) {
    length += got;
    if (length + 1 == size) text = realloc(text, size *= 2);
  }
  text[length] = 0;
  return text;
}

static void send_batches(void) {
  size_t start = 0, last = 0;
  for (size_t at = 0; at < used; at += ((struct nlmsghdr *)(out + at))->nlmsg_len) {
    size_t length = ((struct nlmsghdr *)(out + at))->nlmsg_len;
    if (at + length - start > BATCH) {
      ((struct nlmsghdr *)(out + last))->nlmsg_flags |= NLM_F_ACK;
      send_bytes(out + start, at - start);
      expect_ack();
      start = at;
    }
    last = at;
  }
  if (used == start) return;
  ((struct nlmsghdr *)(out + last))->nlmsg_flags |= NLM_F_ACK;
  send_bytes(out + start, used - start);
  expect_ack();
}

/* Lines of two forms: `-A -t A:P -s NAME` and `-a -t A:P -r A:P -m -w N`. */
static void restore(void) {
  cursor = whole_input();
  while (*cursor != 0) {
    int service = cursor[1] == 'A';
    uint16_t port, real_port;
    cursor += 6;
    uint32_t virtual = address(&port);
    cursor += 4;
    if (service) {
      const char *name = cursor;
      while (*cursor != '\n') cursor++;
      add_service(virtual, port, name, cursor - name);
    } else {
      uint32_t real = address(&real_port);
      cursor += 7;
      add_destination(virtual, port, real, real_port, number());
    }
    if (*cursor++ != '\n') {
      fprintf(stderr, "floor: not a rule of the benchmark\n");
      exit(1);
    }
  }
  send_batches();
}

/* --- dumps -------------------------------------------------------------------------------------------------- */

typedef void (*reader)(char *attributes, char *stop);

static void dump(uint8_t command, int with_service, uint32_t virtual, uint16_t port, reader read_one) {
  used = 0;
  size_t at = begin(command, NLM_F_DUMP);
  if (with_service) {
    size_t inner = nest(IPVS_CMD_ATTR_SERVICE);
    put_service_id(virtual, port);
    nested(inner);
  }
  end(at);
  send_bytes(out, used);
  for (int done = 0; !done;) {
    int count = recvmmsg(fd, messages, PARTS, MSG_DONTWAIT, NULL);
    if (count < 0) die("recvmmsg");
    for (int part = 0; part < count; part++) {
      char *stop = parts[part] + messages[part].msg_len;
      for (char *next = parts[part]; next < stop; next += NLMSG_ALIGN(((struct nlmsghdr *)next)->nlmsg_len)) {
        struct nlmsghdr *header = (void *)next;
        if (header->nlmsg_type == NLMSG_DONE || header->nlmsg_type == NLMSG_ERROR) done = 1;
        else read_one(next + NLMSG_HDRLEN + GENL_HDRLEN, next + header->nlmsg_len);
      }
    }
  }
}

struct known {
  uint32_t address;
  uint16_t port;
  char scheduler[16];
};

static struct known *services;
static size_t service_count, service_room;

#define EACH(attribute, start, stop) \
  for (struct nlattr *attribute = (void *)(start); (char *)attribute < (stop); \
       attribute = (void *)((char *)attribute + NLA_ALIGN(attribute->nla_len)))
#define PAYLOAD(attribute) ((char *)((attribute) + 1))
#define STOP(attribute) ((char *)(attribute) + (attribute)->nla_len)

static void read_service(char *start, char *stop) {
  (void)stop;
  if (service_count == service_room) services = realloc(services, (service_room = service_room * 2 + 64) * sizeof *services);
  struct known *service = &services[service_count++];
  struct nlattr *outer = (void *)start;
  EACH(attribute, PAYLOAD(outer), STOP(outer)) {
    switch (attribute->nla_type) {
      case IPVS_SVC_ATTR_ADDR: memcpy(&service->address, PAYLOAD(attribute), 4); break;
      case IPVS_SVC_ATTR_PORT: memcpy(&service->port, PAYLOAD(attribute), 2); break;
      case IPVS_SVC_ATTR_SCHED_NAME: strncpy(service->scheduler, PAYLOAD(attribute), 15); break;
    }
  }
}

static char text[1 << 16];
static size_t written;

static void flush(void) {
  for (size_t at = 0; at < written;) {
    ssize_t took = write(1, text + at, written - at);
    if (took < 0) die("write");
    at += took;
  }
  written = 0;
}

static void put_number(uint32_t value) {
  char digits[10];
  int length = 0;
  do digits[length++] = '0' + value % 10;
  while ((value /= 10) != 0);
  while (length > 0) text[written++] = digits[--length];
}

static void put_address(uint32_t bytes, uint16_t port) {
  const uint8_t *byte = (void *)&bytes;
  for (int index = 0; index < 4; index++) {
    put_number(byte[index]);
    text[written++] = index < 3 ? '.' : ':';
  }
  put_number(ntohs(port));
}

static void put_text(const char *words) {
  size_t length = strlen(words);
  memcpy(text + written, words, length);
  written += length;
}

static void pad(size_t start, size_t width) {
  while (written < start + width) text[written++] = ' ';
}

static void print_destination(char *start, char *stop) {
  (void)stop;
  uint32_t real = 0, forwarding = 0, weight = 0, active = 0, inactive = 0;
  uint16_t port = 0;
  struct nlattr *outer = (void *)start;
  EACH(attribute, PAYLOAD(outer), STOP(outer)) {
    switch (attribute->nla_type) {
      case IPVS_DEST_ATTR_ADDR: memcpy(&real, PAYLOAD(attribute), 4); break;
      case IPVS_DEST_ATTR_PORT: memcpy(&port, PAYLOAD(attribute), 2); break;
      case IPVS_DEST_ATTR_FWD_METHOD: memcpy(&forwarding, PAYLOAD(attribute), 4); break;
      case IPVS_DEST_ATTR_WEIGHT: memcpy(&weight, PAYLOAD(attribute), 4); break;
      case IPVS_DEST_ATTR_ACTIVE_CONNS: memcpy(&active, PAYLOAD(attribute), 4); break;
      case IPVS_DEST_ATTR_INACT_CONNS: memcpy(&inactive, PAYLOAD(attribute), 4); break;
    }
  }
  static const char *const words[] = {"Masq", "Local", "Tunnel", "Route", "Bypass", "?", "?", "?"};
  if (written > sizeof text - 256) flush();
  put_text("  -> ");
  size_t at = written;
  put_address(real, port);
  pad(at, 29);
  at = written;
  put_text(words[forwarding & 7]);
  pad(at, 8);
  at = written;
  put_number(weight);
  pad(at, 7);
  at = written;
  put_number(active);
  pad(at, 11);
  at = written;
  put_number(inactive);
  pad(at, 10);
  text[written++] = '\n';
}

static void list(void) {
  dump(IPVS_CMD_GET_SERVICE, 0, 0, 0, read_service);
  put_text("Prot LocalAddress:Port Scheduler Flags\n");
  put_text("  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n");
  for (size_t index = 0; index < service_count; index++) {
    const struct known *service = &services[index];
    if (written > sizeof text - 256) flush();
    put_text("TCP  ");
    put_address(service->address, service->port);
    text[written++] = ' ';
    put_text(service->scheduler);
    text[written++] = '\n';
    dump(IPVS_CMD_GET_DEST, 1, service->address, service->port, print_destination);
  }
  flush();
}

/* --- digest ------------------------------------------------------------------------------------------------- */

static uint64_t sum;
static uint64_t mixed;
static size_t destination_count;

static void mix(const void *bytes, size_t length) {
  for (const uint8_t *byte = bytes; length-- > 0; byte++) mixed = (mixed ^ *byte) * 1099511628211u;
}

/* Everything but counters; entries are added up, so their order does not matter. */
static void take(char *start, uint16_t stats, uint16_t stats64) {
  struct nlattr *outer = (void *)start;
  EACH(attribute, PAYLOAD(outer), STOP(outer))
  if (attribute->nla_type != stats && attribute->nla_type != stats64) mix(attribute, attribute->nla_len);
  sum += mixed ^ (mixed >> 29);
}

static void digest_service(char *start, char *stop) {
  read_service(start, stop);
  mixed = 14695981039346656037u;
  take(start, IPVS_SVC_ATTR_STATS, IPVS_SVC_ATTR_STATS64);
}

static const struct known *current;

static void digest_destination(char *start, char *stop) {
  (void)stop;
  destination_count++;
  mixed = 14695981039346656037u;
  mix(current, 6);
  take(start, IPVS_DEST_ATTR_STATS, IPVS_DEST_ATTR_STATS64);
}

static void digest(void) {
  dump(IPVS_CMD_GET_SERVICE, 0, 0, 0, digest_service);
  for (size_t index = 0; index < service_count; index++) {
    current = &services[index];
    dump(IPVS_CMD_GET_DEST, 1, current->address, current->port, digest_destination);
  }
  printf("%zu services %zu destinations %016llx\n", service_count, destination_count, (unsigned long long)sum);
}

int main(int argc, char **argv) {
  const char *verb = argc > 1 ? argv[1] : "";
  open_family();
  if (strcmp(verb, "restore") == 0) restore();
  else if (strcmp(verb, "list") == 0) list();
  else if (strcmp(verb, "digest") == 0) digest();
  else if (strcmp(verb, "add") == 0 && argc > 2) {
    uint16_t port;
    cursor = argv[2];
    uint32_t virtual = address(&port);
    add_service(virtual, port, "wlc", 3);
    send_batches();
  } else {
    fprintf(stderr, "usage: floor restore | list | add ADDRESS:PORT | digest\n");
    return 2;
  }
  return 0;
}
