import { ERRNO, NetlinkError } from '@ipvs-ts/netlink';
import {
  CONTROLLER,
  type KernelDouble,
  Messages,
  NLM_F,
  NLMSG,
  type OVERRUN,
} from '@ipvs-ts/netlink/testing';
import type { DestinationName, ServiceName } from '../model/key.js';
import { checkInteger, wrongType } from '../argument-checks.js';
import { checkKernelOptions } from './check-options.js';
import { checkTraffic } from './check-traffic.js';
import { execute, operationOf } from './operations.js';
import { CONTROLLER_VERSION, controllerOperation, executeController } from './controller-operations.js';
import { Faults } from './faults.js';
import { Model } from './model.js';
import { type IpvsKernelOptions, type KernelSettings, settingsOf } from './options.js';
import { dumpDatagrams, type Frame, replyDatagram, verdictDatagram } from './replies.js';
import { type LoggedRequest, valuesOf } from './request-log.js';
import { refuse, type Result } from './result.js';
import { connect, count, destinationByName, serviceByName, type Traffic } from './traffic.js';
import { type Traits, TRAITS } from './traits.js';

/** A request and its result. */
interface Executed extends Result {
  readonly operation: string | undefined;
}

/**
 * An IPVS kernel in memory: it takes the datagrams of requests and returns the datagrams of answers, as a netlink
 * socket would receive them, for one network namespace and one client. It stores services, destinations, counters,
 * timeouts and sync daemons, rejects what the kernel rejects, and forwards no packets. A dump shows the state at the
 * time of its request.
 */
export class IpvsKernel implements KernelDouble {
  /** NETLINK_CAP_ACK and NETLINK_EXT_ACK of the client's socket, both set as this project's sockets do. */
  readonly socket = { capAck: true, extAck: true };
  /** All requests so far, in order. A test may empty the array. */
  readonly requests: LoggedRequest[] = [];
  readonly #settings: KernelSettings;
  readonly #traits: Traits;
  readonly #faults = new Faults();
  #familyId: number;
  /** Undefined if the module is not loaded. */
  #model: Model | undefined;

  /** Throws a `TypeError` or a `RangeError` for options that no kernel could have. */
  constructor(options: IpvsKernelOptions = {}) {
    checkKernelOptions(options);
    const traits = TRAITS[options.kernel ?? '6.1'][options.machine ?? 'x86-64'];
    this.#traits = {
      ...traits,
      hz: options.hz ?? traits.hz,
      limitsThresholds: options.limitsThresholds ?? traits.limitsThresholds,
    };
    this.#settings = settingsOf(options, this.#traits.twos);
    this.#familyId = this.#traits.familyId;
    if (this.#settings.module === 'loaded') this.#load();
  }

  /** The number of the family; undefined while the module is not loaded. */
  get familyId(): number | undefined {
    return this.#model === undefined ? undefined : this.#familyId;
  }

  /** Loads the module, as `modprobe ip_vs` does. Returns whether the machine has the module. */
  modprobe(): boolean {
    if (this.#settings.module === 'absent') return false;
    if (this.#model === undefined) this.#load();
    return true;
  }

  /** Unloads the module and loads it again: the state is empty, and the family has the next number. */
  reload(): void {
    if (this.#model === undefined) throw new TypeError('the module is not loaded');
    this.#familyId += 1;
    this.#load();
  }

  /**
   * Makes the next request of an operation (`NEW_DEST`, `GETFAMILY` …) fail with `errno`, 1 to 4095; it is not
   * executed. Throws a `TypeError` for an operation that does not exist, a `RangeError` for another errno.
   */
  failNext(operation: string, errno: number): void {
    this.#faults.failNext(operation, errno);
  }

  /**
   * Makes the next send with more than `kept` answers (0 or more) lose the rest of them; its requests are executed.
   * Throws a `TypeError` or a `RangeError` for anything but such an integer.
   */
  overrunNext(kept = 0): void {
    checkInteger('kept', kept, 0, Number.MAX_SAFE_INTEGER);
    this.#faults.overrunNext(kept);
  }

  /**
   * Records traffic of a service, or of one of its destinations and with it of the service. Throws a `RangeError` for one
   * that does not exist, and for numbers that a kernel cannot count to; a `TypeError` for values of the wrong type, for
   * unknown names, and while the module is not loaded. Nothing is recorded then.
   */
  count(service: ServiceName, destination: DestinationName | undefined, traffic: Traffic): void {
    if (this.#model === undefined) throw new TypeError('the module is not loaded');
    checkTraffic(traffic, destination !== undefined);
    const found = serviceByName(this.#model, service);
    if (destination !== undefined) {
      const counted = destinationByName(found, destination);
      count(counted, traffic);
      connect(counted, traffic);
      this.#model.connections.fit(this.#model.services.all());
    }
    count(found, traffic);
  }

  /** Returns the answers to one send. Throws a NetlinkError for an empty send, as the socket does. */
  handle(request: Uint8Array): (Uint8Array | typeof OVERRUN)[] {
    if (!((request as unknown) instanceof Uint8Array)) throw wrongType('request', 'a Uint8Array', request);
    if (request.length === 0) {
      throw new NetlinkError('ERR_NETLINK_SYSCALL', 'send: ENODATA (No data available)', {
        errno: ERRNO.ENODATA,
        syscall: 'send',
      });
    }
    const answers: Uint8Array[] = [];
    // The rest of a dump after its first datagram: the kernel builds it when the client reads, after everything else.
    const rest: Uint8Array[] = [];
    for (const message of messagesOf(request)) {
      const [first, ...later] = this.#answer(message, rest.length > 0);
      if (first !== undefined) answers.push(first);
      (isDump(message) ? rest : answers).push(...later);
    }
    return this.#faults.overrun([...answers, ...rest]);
  }

  #load(): void {
    this.#model = new Model(this.#settings, this.#traits);
  }

  #answer(message: Messages, busy: boolean): Uint8Array[] {
    const { flags, type } = message;
    const isRequest = (flags & NLM_F.REQUEST) !== 0 && type >= NLMSG.MIN_TYPE;
    const { operation, errno, bodies, remark, silent } = isRequest
      ? this.#execute(message, busy)
      : { ...refuse(0), operation: undefined };
    const isIpvs = type === this.familyId && message.end - message.start >= 4;
    this.requests.push({
      operation,
      mode: isDump(message) ? 'dump' : 'do',
      flags,
      seq: message.seq,
      values: isIpvs ? valuesOf(message) : undefined,
      errno,
      bytes: new Uint8Array(
        message.view.buffer,
        message.view.byteOffset + message.at,
        message.end - message.at,
      ).slice(),
    });
    if (silent === true) return [];
    const frame = this.#frame(message);
    if (isRequest && errno === 0 && isDump(message))
      return dumpDatagrams(frame, bodies ?? [], remark, this.#settings.chunkBytes);
    const answers = (bodies ?? []).map((body) => replyDatagram(frame, body));
    if (errno !== 0 || (flags & NLM_F.ACK) !== 0) answers.push(verdictDatagram(frame, errno, remark));
    return answers;
  }

  /**
   * Checks in the kernel's order: family, generic header, command and kind, permission, a running dump, the command.
   */
  #execute(message: Messages, busy: boolean): Executed {
    const dump = isDump(message);
    const controller = message.type === CONTROLLER.id;
    if (!controller && message.type !== this.familyId)
      return { ...refuse(ERRNO.ENOENT), operation: undefined };
    if (message.end - message.start < 4) return { ...refuse(ERRNO.EINVAL), operation: undefined };
    const known = controller ? undefined : operationOf(message, dump);
    const operation = controller ? controllerOperation(message, dump) : known?.name;
    if (operation === undefined) return { ...refuse(ERRNO.EOPNOTSUPP), operation };
    if (!controller && !this.#settings.permission) return { ...refuse(ERRNO.EPERM), operation };
    if (dump && busy) return { ...refuse(ERRNO.EBUSY), operation };
    const errno = this.#faults.take(operation);
    if (errno !== 0) return { ...refuse(errno), operation };
    if (known === undefined) return { ...this.#control(message, dump), operation };
    return { ...execute(this.#model as Model, known, message), operation };
  }

  #control(message: Messages, dump: boolean): Result {
    const loaded = (): number | undefined => this.familyId;
    const module = {
      traits: this.#traits,
      get familyId() {
        return loaded();
      },
      autoload: () => this.#traits.autoload && this.modprobe(),
    };
    return executeController(module, message, dump);
  }

  #frame(message: Messages): Frame {
    const { capAck, extAck } = this.socket;
    const version = message.type === CONTROLLER.id ? CONTROLLER_VERSION : 1;
    return { message, portId: this.#settings.portId, version, pads: this.#traits.pads, capAck, extAck };
  }
}

function isDump({ flags }: Messages): boolean {
  return (flags & NLM_F.DUMP) === NLM_F.DUMP;
}

/** The messages of a send. The kernel stops silently at a length that does not fit. */
function* messagesOf(send: Uint8Array): Generator<Messages> {
  const messages = new Messages(send);
  const next = (): boolean => {
    try {
      return messages.next();
    } catch (error) {
      if (NetlinkError.is(error, 'ERR_NETLINK_MALFORMED')) return false;
      throw error;
    }
  };
  while (next()) yield messages;
}
