/** Leaves out what a document may not contain, as the reader of documents decides. */
import { CHECK_TYPES } from '../check/check-type.js';
import { readChecks } from '../check/read-check.js';
import { readDeclared } from '../declared/read-declared.js';
import { Problems } from '../fields/problems.js';
import { documentOf } from './document.js';
import type { ImportedService, Plain } from './imported.js';

type Services = ReadonlyMap<string, ImportedService>;

/** The checks that a document may have. Calls `report` with the reason for each other one. */
export function validChecks(checks: readonly Plain[], report: (why: string) => void): readonly Plain[] {
  return checks.filter((check) => {
    const problems = new Problems();
    readChecks(problems, 'check', check, new Map(), CHECK_TYPES);
    const [problem] = problems.found;
    if (problem !== undefined) report(`a document cannot say this check: ${problem.message}`);
    return problem === undefined;
  });
}

/** The services that a document may have. Calls `report` with the name of each other one and the reason. */
export function validServices(services: Services, report: (name: string, why: string) => void): Services {
  if (problemOf(services) === undefined) return services;
  return new Map(
    [...services].filter(([name, service]) => {
      const problem = problemOf(new Map([[name, service]]));
      if (problem !== undefined) report(name, `a document cannot say this service: ${problem}`);
      return problem === undefined;
    }),
  );
}

function problemOf(services: Services): string | undefined {
  const { problems } = readDeclared(documentOf(services, {}), '', CHECK_TYPES);
  return problems[0]?.message;
}
