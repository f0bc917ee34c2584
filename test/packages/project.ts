import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CHECKOUT } from '../source-files.js';
import { type Tarball, temporaryDirectory } from './tarballs.js';

/** The result of a program. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** An empty project in which the packages are installed. */
export class Project {
  readonly path = temporaryDirectory('project');

  constructor(tarballs: readonly Tarball[], ...npmOptions: string[]) {
    this.write('package.json', '{ "name": "somebody-elses", "private": true }\n');
    const { status, stderr } = this.run(
      'npm',
      'install',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
      ...npmOptions,
      ...tarballs.map((tarball) => tarball.path),
    );
    if (status !== 0) throw new Error(`npm install: exit status ${String(status)}\n${stderr}`);
  }

  write(name: string, text: string): void {
    mkdirSync(dirname(join(this.path, name)), { recursive: true });
    writeFileSync(join(this.path, name), text);
  }

  run(file: string, ...args: string[]): Ended {
    const { status, stdout, stderr, error } = spawnSync(file, args, { cwd: this.path, encoding: 'utf8' });
    if (error) throw error;
    return { status, stdout, stderr };
  }

  /** Runs a program text with Node. */
  node(name: string, text: string, ...options: string[]): Ended {
    this.write(name, text);
    return this.run(process.execPath, ...options, name);
  }

  /** Compiles a file with a `tsc`, types of libraries included. */
  compile(tsc: string, name: string, text: string, moduleResolution: 'nodenext' | 'bundler'): Ended {
    this.write(name, text);
    this.write(
      'tsconfig.json',
      JSON.stringify({
        compilerOptions: {
          strict: true,
          exactOptionalPropertyTypes: true,
          skipLibCheck: false,
          noEmit: true,
          target: 'ES2022',
          lib: ['ES2023', 'ESNext.Disposable'],
          types: ['node'],
          typeRoots: [join(CHECKOUT, 'node_modules/@types')],
          module: moduleResolution === 'bundler' ? 'ESNext' : 'NodeNext',
          moduleResolution,
        },
        files: [name],
      }),
    );
    return this.run(process.execPath, tsc, '-p', '.');
  }
}
