import ts from 'typescript';
import { CHECKOUT } from '../source-files.js';
import { isExpectedOutput } from './expected-output.js';
import { type Ended, type Place, run } from './place.js';
import type { Step } from './step.js';

/** Runs the steps of one document in a place, one after another. */
export class Trial {
  readonly #place: Place;
  #last: Ended = { status: 0, output: '' };

  constructor(place: Place) {
    this.#place = place;
  }

  /** Runs a step. Returns what went wrong, or undefined. */
  async try(step: Step): Promise<string | undefined> {
    switch (step.kind) {
      case 'not run':
        return undefined;
      case 'file':
        this.#place.write(step.name, step.text);
        return undefined;
      case 'output':
        return isExpectedOutput(this.#last.output, step.text)
          ? undefined
          : `printed something else:\n${this.#last.output}`;
      case 'shell':
        return this.#ended(await this.#place.run('bash', '-euo', 'pipefail', '-c', step.text), step.fails);
      case 'program': {
        const name = `program-${step.line}.mjs`;
        this.#place.write(name, javaScript(step.text));
        return this.#ended(await this.#place.run(process.execPath, name), step.fails);
      }
    }
  }

  #ended(ended: Ended, fails: string | undefined): string | undefined {
    this.#last = ended;
    return verdict(ended, fails);
  }
}

/** Runs a step of the machine itself, in the checkout. Returns what went wrong, or undefined. */
export async function tryOnHost(step: Step & { kind: 'shell' }): Promise<string | undefined> {
  return verdict(await run(['bash', '-euo', 'pipefail', '-c', step.text], CHECKOUT, process.env), step.fails);
}

function verdict({ status, output }: Ended, fails: string | undefined): string | undefined {
  if (fails === undefined) return status === 0 ? undefined : `status ${status}:\n${output}`;
  if (status === 0) return `did not fail:\n${output}`;
  return output.includes(fails) ? undefined : `failed in another way, status ${status}:\n${output}`;
}

function javaScript(text: string): string {
  return ts.transpileModule(text, {
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
    },
  }).outputText;
}
