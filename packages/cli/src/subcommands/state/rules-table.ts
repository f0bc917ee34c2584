/** The table that rules create, line by line, from an empty one. */
import {
  declaredDestination,
  type DeclaredDestination,
  declaredService,
  type DeclaredService,
  type DeclaredTable,
  type DesiredDaemon,
  type DestinationOptions,
  destinationKeyText,
  parseDestinationKey,
  parseServiceKey,
  type ServiceOptions,
  serviceKeyText,
  type TimeoutOptions,
} from '@ipvs-ts/ipvs';
import { refuse } from '../../ipvsadm/language/messages.js';
import { DEFAULT_INTERFACE, type CommandRequest } from '../../ipvsadm/request/request.js';
import { serverKey, serverOptions, serviceKey, serviceOptions } from '../../ipvsadm/library/to-library.js';

interface RuleDaemon {
  readonly options: DesiredDaemon;
  readonly line: number;
}

/** A table without a kernel. */
export class RulesTable {
  readonly #services = new Map<string, DeclaredService>();
  readonly #daemons = new Map<string, RuleDaemon>();
  #timeouts: TimeoutOptions | undefined;
  #timeoutsLine = 1;

  /** Executes a rule. Throws an `IpvsadmError` for what the kernel would reject. */
  take(request: CommandRequest, line: number): void {
    const { command, daemon } = request;
    switch (command) {
      case 'add-service':
      case 'edit-service':
      case 'delete-service':
        this.#takeService(request, line);
        break;
      case 'add-server':
      case 'edit-server':
      case 'delete-server':
        this.#takeServer(request, line);
        break;
      case 'clear':
        this.#services.clear();
        break;
      case 'set':
        this.#timeouts = request.timeouts;
        this.#timeoutsLine = line;
        break;
      case 'start-daemon': {
        const { state, ...options } = daemon;
        this.#notThere(() => `the ${state} sync daemon`, this.#daemons.get(state));
        const named = { ...options, interface: options.interface || DEFAULT_INTERFACE };
        this.#daemons.set(state, { options: named, line });
        break;
      }
      case 'stop-daemon':
        if (!this.#daemons.delete(daemon.state))
          refuse(`no line before starts the ${daemon.state} sync daemon`);
        break;
      case 'list':
      case 'save':
      case 'restore':
      case 'zero':
      case 'help':
      case 'version':
        refuse(`--${command} declares nothing; take the line away`);
    }
  }

  /** Adds a service, named by the text of its key. */
  addService(key: string, options: ServiceOptions, line: number): void {
    this.#notThere(() => `service ${key}`, this.#services.get(key));
    this.#services.set(key, declaredService(key, options, line));
  }

  /** Adds a destination; both are named by the texts of their keys. */
  addDestination(service: string, name: string, options: DestinationOptions, line: number): void {
    const destinations = this.#destinationsOf(service);
    this.#notThere(() => `destination ${name} of service ${service}`, destinations.get(name));
    destinations.set(name, declaredDestination(options, line));
  }

  /** The current state. Services have all their destinations: those without a rule are removed. */
  state(): DeclaredTable {
    const daemons = [...this.#daemons].map(([state, { options }]) => [state, options] as const);
    return {
      services: this.#services,
      ...(this.#timeouts !== undefined && { timeouts: this.#timeouts }),
      ...(daemons.length > 0 && { daemons: Object.fromEntries(daemons) }),
    };
  }

  /** The line that created the value at a path of {@link state}. */
  lineOf(path: string): number {
    const [, service, destination] =
      /^services\["([^"]+)"\](?:\.destinations\["([^"]+)"\])?/.exec(path) ?? [];
    if (service !== undefined) {
      const found = this.#services.get(service);
      return found?.destinations.get(destination ?? '')?.line ?? found?.line ?? 1;
    }
    const daemon = /^daemons\.(\w+)/.exec(path)?.[1];
    return this.#daemons.get(daemon ?? '')?.line ?? this.#timeoutsLine;
  }

  #takeService({ command, service }: CommandRequest, line: number): void {
    const key = serviceKeyText(parseServiceKey(serviceKey(service)));
    const found = this.#services.get(key);
    if (command === 'add-service') {
      this.addService(key, serviceOptions(service), line);
      return;
    }
    if (found === undefined) refuse(`no line before adds service ${key}`);
    if (command === 'delete-service') this.#services.delete(key);
    else {
      const edited = declaredService(key, serviceOptions(service), line, found.destinations);
      this.#services.set(key, edited);
    }
  }

  #takeServer({ command, service, server }: CommandRequest, line: number): void {
    const key = serviceKeyText(parseServiceKey(serviceKey(service)));
    const destinations = this.#destinationsOf(key);
    const name = destinationKeyText(
      parseDestinationKey(serverKey(service, server, command !== 'delete-server')),
    );
    if (command === 'add-server') {
      this.addDestination(key, name, serverOptions(server), line);
      return;
    }
    if (!destinations.has(name)) refuse(`no line before adds destination ${name} of service ${key}`);
    if (command === 'delete-server') destinations.delete(name);
    else destinations.set(name, declaredDestination(serverOptions(server), line));
  }

  #destinationsOf(service: string): Map<string, DeclaredDestination> {
    return this.#services.get(service)?.destinations ?? refuse(`no line before adds service ${service}`);
  }

  #notThere(what: () => string, found: { readonly line: number } | undefined): void {
    if (found !== undefined) refuse(`${what()} is there already, since line ${found.line}`);
  }
}
