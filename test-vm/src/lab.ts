import { Ipvs } from '@ipvs-ts/ipvs';
import { Report } from './check.js';
import { Cleanup } from './cleanup.js';
import { type Answer, describeAnswer, fetchPage } from './http-client.js';
import type { Namespace } from './namespace.js';
import { type Topology, type TopologyPlan, buildTopology } from './topology.js';
import { startWebServer } from './web-server.js';

/** What one scenario works with. Several run side by side, so its namespaces have names of their own. */
export class Lab {
  /** Where it says and checks things; printed when it is over. */
  readonly report: Report;
  readonly cleanup = new Cleanup();
  readonly #prefix: string;
  readonly #said: string[] = [];

  constructor(prefix: string) {
    this.#prefix = prefix;
    this.report = new Report((text) => this.#said.push(text));
  }

  /** What was said so far. */
  get text(): string {
    return this.#said.join('');
  }

  /** Build a topology. */
  build<Host extends string>(plan: TopologyPlan<Host>): Promise<Topology<Host>> {
    return buildTopology(plan, this.cleanup, this.#prefix);
  }

  /** Open IPVS of a host. */
  async ipvs(host: Namespace): Promise<Ipvs> {
    const ipvs = await Ipvs.open({ netns: host.path });
    this.cleanup.add(`IPVS of ${host.name}`, () => ipvs.close());
    return ipvs;
  }

  /** Start nginx with one page, on ports of a host. The result ends it. */
  async serve(host: Namespace, page: string, ports: readonly number[] = [80]): Promise<() => Promise<void>> {
    return startWebServer(host, page, 'nginx', this.cleanup, ports);
  }

  /** Ask for a page several times, each over a connection of its own, one after the other. */
  async ask(client: Namespace, url: string, times: number, limit = 4, source?: string): Promise<string[]> {
    const answers: Answer[] = [];
    for (let time = 0; time < times; time++) answers.push(await fetchPage(client, url, { limit, source }));
    return answers.map(describeAnswer);
  }
}

/** What not every kernel, or not every place to run one, has. */
export type Need =
  | 'ipset'
  | 'iptables'
  | 'nat-table'
  | 'nft'
  | 'own-kernel'
  | 'user-namespace'
  | 'force-forwarding'
  | 'run-estimation'
  | 'tunnel-errors';

/** A scenario: something that is set up, done and checked, with nothing but its lab. */
export interface Scenario {
  readonly name: string;
  /** One line. */
  readonly title: string;
  /** Whether it is part of the quick run. */
  readonly quick?: boolean;
  /** Whether it changes what all namespaces share, so that nothing may run beside it. */
  readonly alone?: boolean;
  /** What the kernel must have beside IPVS: it is said, not passed over, where it has not. */
  readonly needs?: Need | undefined;
  run(lab: Lab): Promise<void>;
}
