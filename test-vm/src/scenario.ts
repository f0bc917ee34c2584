import { Report } from './check.js';
import { Cleanup } from './cleanup.js';
import { type Topology, type TopologyPlan, buildTopology } from './topology.js';
import { type WebServerKind, startWebServer, webServerKind } from './web-server.js';
import type { Namespace } from './namespace.js';

/** The equipment of a scenario. Everything that it builds through the stage is removed at the end. */
export class Stage {
  /** The report of the scenario. */
  readonly report = new Report();
  /** What to undo at its end. */
  readonly cleanup = new Cleanup();
  #kind: WebServerKind | undefined;

  /** Build a topology. */
  build<Host extends string>(plan: TopologyPlan<Host>): Promise<Topology<Host>> {
    return buildTopology(plan, this.cleanup);
  }

  /** Start a web server with one page on port 80 of a host. */
  async serve(host: Namespace, page: string): Promise<void> {
    this.#kind ??= await webServerKind((text) => {
      this.report.say(text);
    });
    await startWebServer(host, page, this.#kind, this.cleanup);
    this.report.say(`${host.name}: ${this.#kind} serves "${page}"`);
  }
}

/**
 * Run a scenario and clean up in any case, also after an interruption. The exit status is 1 unless all checks passed.
 */
export async function runScenario(scene: (stage: Stage) => Promise<void>): Promise<void> {
  const stage = new Stage();
  const { report, cleanup } = stage;
  for (const [signal, status] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    process.once(signal, () => {
      report.write(`\n${signal}: cleaning up\n`);
      void cleanup.run().finally(() => process.exit(status));
    });
  }
  try {
    await scene(stage);
  } catch (error) {
    report.check('the scenario runs to its end', false, error);
  }
  try {
    await cleanup.run();
  } catch (error) {
    report.check('everything is removed at the end', false, error);
  }
  report.summary();
  process.exitCode = report.failed === 0 && report.passed > 0 ? 0 : 1;
}
