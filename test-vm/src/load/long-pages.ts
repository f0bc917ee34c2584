import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cleanup } from '../cleanup.js';
import { fetchPage } from '../http-client.js';
import type { Namespace } from '../namespace.js';
import { poll } from '../poll.js';

/** Bytes of a long page. */
const LONG = 120_000;

/** Bytes of it that are sent a second. */
const RATE = 40_000;

/**
 * Starts nginx on port 80 of a host and waits until it answers. `/short` is `name`; `/long` begins with it and takes
 * about two seconds; `/upload` answers with it when it has the whole body. Returns its only process, and what kills it.
 */
export async function startLongPages(
  host: Namespace,
  name: string,
  cleanup: Cleanup,
): Promise<{ readonly process: ChildProcess; readonly kill: () => Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), `pages-${host.name}-`));
  cleanup.add(`directory ${directory}`, () => rm(directory, { recursive: true }));
  await mkdir(join(directory, 'pages'));
  await writeFile(join(directory, 'pages', 'short'), `${name}\n`);
  await writeFile(join(directory, 'pages', 'long'), `${name}\n`.padEnd(LONG, '.'));
  await writeFile(join(directory, 'nginx.conf'), configuration(name));
  const server = host.start('nginx', '-e', 'stderr', '-p', directory, '-c', 'nginx.conf');
  const end = async (): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const gone = once(server, 'exit');
    server.kill('SIGKILL');
    await gone;
  };
  cleanup.add(`nginx of ${host.name}`, end);
  const answer = await poll(
    () => fetchPage(host, 'http://127.0.0.1/short', { limit: 2 }),
    (seen) => 'page' in seen || server.exitCode !== null,
    { limit: 20_000 },
  );
  if (!('page' in answer) || answer.page !== name)
    throw new Error(`nginx of ${host.name} does not answer: ${JSON.stringify(answer)}`);
  return { process: server, kill: end };
}

const configuration = (name: string): string => `
daemon off;
master_process off;
pid nginx.pid;
error_log stderr crit;
events { worker_connections 512; }
http {
  access_log off;
  keepalive_timeout 0;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  server {
    listen 80;
    root pages;
    default_type text/plain;
    location /long { limit_rate ${String(RATE)}; }
    # The body is read to its end before it is passed on.
    location /upload { proxy_pass http://127.0.0.1:8080; }
  }
  server {
    listen 127.0.0.1:8080;
    default_type text/plain;
    location / { return 200 "${name}"; }
  }
}
`;
