import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { CHECKOUT } from '../source-files.js';

/** A program of a document, by a name that says where it stands. */
export interface Program {
  readonly name: string;
  readonly text: string;
}

/** The errors of the compiler for the programs, under the rules of this project. */
export function typeErrors(programs: readonly Program[]): string[] {
  const texts = new Map(
    programs.map(({ name, text }, index) => [file(index, name), `${text}\nexport {};\n`]),
  );
  const options = compilerOptions();
  const host = ts.createCompilerHost(options);
  const read = host.readFile.bind(host);
  const exists = host.fileExists.bind(host);
  const source = host.getSourceFile.bind(host);
  host.readFile = (path) => texts.get(path) ?? read(path);
  host.fileExists = (path) => texts.has(path) || exists(path);
  host.getSourceFile = (path, language, ...rest) => {
    const text = texts.get(path);
    if (text === undefined) return source(path, language, ...rest);
    return ts.createSourceFile(path, text, language);
  };
  const program = ts.createProgram([...texts.keys()], options, host);
  return ts.getPreEmitDiagnostics(program).map((diagnostic) => {
    const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n');
    if (diagnostic.file === undefined) return text;
    const { line } = diagnostic.file.getLineAndCharacterOfPosition(diagnostic.start ?? 0);
    const name = programs.find((each, index) => file(index, each.name) === diagnostic.file?.fileName)?.name;
    return `${name ?? diagnostic.file.fileName}, line ${line + 1}: ${text}`;
  });
}

/** In this project, where imports find the packages as in a project that installed them. */
function file(index: number, name: string): string {
  return join(CHECKOUT, 'test', `${index}-${name.replace(/\W+/g, '-')}.mts`);
}

function compilerOptions(): ts.CompilerOptions {
  const path = join(CHECKOUT, 'tsconfig.base.json');
  const { config } = ts.parseConfigFileTextToJson(path, readFileSync(path, 'utf8')) as {
    config: { compilerOptions: Record<string, unknown> };
  };
  const { options } = ts.convertCompilerOptionsFromJson(
    {
      ...config.compilerOptions,
      composite: false,
      declaration: false,
      declarationMap: false,
      noEmit: true,
      // A page may import or name something for the reader alone.
      noUnusedLocals: false,
      // The declarations of others are checked where the packages are.
      skipLibCheck: true,
    },
    CHECKOUT,
  );
  return options;
}
