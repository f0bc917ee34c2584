import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Cleanup } from './cleanup.js';
import { fetchPage } from './http-client.js';
import type { Namespace } from './namespace.js';
import { poll } from './poll.js';
import { tryProgram } from './run-program.js';

/** The file `/download` of each web server: its size, and the rate in bytes a second. */
export const DOWNLOAD = { bytes: 1_000_000, rate: 100_000 };

/** The server of the pages: nginx, or Node where nginx cannot run. */
export type WebServerKind = 'nginx' | 'node';

/** nginx if it can run here. The reason why it cannot is reported through `say`. */
export async function webServerKind(say: (text: string) => void): Promise<WebServerKind> {
  try {
    const { status, stderr } = await tryProgram(['nginx', '-v']);
    if (status === 0) return 'nginx';
    say(`nginx cannot run here (${stderr.trim()}); Node serves the pages in its place`);
  } catch (cause) {
    say(`${(cause as Error).message}; Node serves the pages in its place`);
  }
  return 'node';
}

/**
 * Starts a web server on port 80 (nginx: or others) of a namespace and waits until it answers. It has the page `page`, and
 * a slow `/download` ({@link DOWNLOAD}). The result stops it.
 */
export async function startWebServer(
  host: Namespace,
  page: string,
  kind: WebServerKind,
  cleanup: Cleanup,
  ports: readonly number[] = [80],
): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), `web-${host.name}-`));
  cleanup.add(`directory ${directory}`, () => rm(directory, { recursive: true }));
  await mkdir(join(directory, 'pages'));
  await writeFile(join(directory, 'pages', 'index.html'), page + '\n');
  await writeFile(join(directory, 'pages', 'download'), Buffer.alloc(DOWNLOAD.bytes, '.'));
  const server = kind === 'nginx' ? await startNginx(host, directory, ports) : startNode(host, directory);
  const end = (): Promise<void> => stop(server);
  cleanup.add(`web server of ${host.name}`, end);
  const answer = await poll(
    () => fetchPage(host, `http://127.0.0.1:${String(ports[0])}/`, { limit: 2 }),
    (seen) => 'page' in seen || server.exitCode !== null,
    { limit: 20_000 },
  );
  if (!('page' in answer) || answer.page !== page) {
    throw new Error(`the ${kind} web server of ${host.name} does not answer: ${JSON.stringify(answer)}`);
  }
  return end;
}

async function startNginx(
  host: Namespace,
  directory: string,
  ports: readonly number[],
): Promise<ChildProcess> {
  await writeFile(join(directory, 'nginx.conf'), nginxConfiguration(ports));
  return host.start('nginx', '-e', 'stderr', '-p', directory, '-c', 'nginx.conf');
}

function startNode(host: Namespace, directory: string): ChildProcess {
  const program = fileURLToPath(new URL('./page-server.js', import.meta.url));
  return host.start(process.execPath, program, join(directory, 'pages'), String(DOWNLOAD.rate));
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const gone = once(server, 'exit');
  server.kill('SIGTERM');
  await gone;
}

// One process, and no files outside the directory of -p. keepalive_timeout 0: each request has a connection of its own, so
// that connections count requests.
const nginxConfiguration = (ports: readonly number[]): string => `
daemon off;
master_process off;
pid nginx.pid;
error_log stderr warn;
events { worker_connections 256; }
http {
  access_log off;
  keepalive_timeout 0;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  server {
${ports.map((port) => `    listen ${String(port)};\n    listen [::]:${String(port)};`).join('\n')}
    root pages;
    default_type text/plain;
    location = /download { limit_rate ${String(DOWNLOAD.rate)}; }
  }
}
`;
