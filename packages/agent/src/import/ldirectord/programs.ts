/** Protocols that a program of the host speaks. */
import type { Plain } from '../imported.js';
import type { Remarks } from '../remarks.js';
import { note } from './note.js';
import type { Entry } from './sections.js';
import type { CheckTarget } from './check-target.js';

/** Fails for any status except 0, and without output. */
const WITH_OUTPUT = '[ -n "$("$@")" ] || exit 1';
const WITH_STATUS = '"$@" >/dev/null || exit 1';

/** A script check that uses a client of the server's protocol; undefined if there is none. */
export function program(target: CheckTarget, remarks: Remarks, place: Entry): Plain | undefined {
  const { virtual, settings, real, port, request, receive } = target;
  const login = settings.quoted('login') ?? '';
  const password = settings.quoted('passwd') ?? '';
  const database = settings.quoted('database') ?? '';
  const query = request.replace(/^\//, '');
  const address = real.address.includes(':') ? `[${real.address}]` : real.address;
  switch (virtual.service) {
    case 'mysql':
      return sql(
        [
          'mysql',
          '--host',
          real.address,
          '--port',
          String(port),
          '--user',
          login,
          '--database',
          database,
          '--execute',
          query,
        ],
        { MYSQL_PWD: password },
      );
    case 'pgsql':
      return sql(
        [
          'psql',
          '--no-psqlrc',
          '--tuples-only',
          '--host',
          real.address,
          '--port',
          String(port),
          '--username',
          login,
          '--dbname',
          database,
          '--command',
          query,
        ],
        { PGPASSWORD: password },
      );
    case 'ldap':
    case 'ldaps': {
      const bind = login !== '' && password !== '' ? ['-D', login, '-w', password] : [];
      needs('ldapsearch');
      if (receive !== '')
        note(
          remarks,
          settings.entry('receive') ?? place,
          'differs',
          `receive ${receive}: the check wants an entry, and does not compare it`,
        );
      return script(WITH_OUTPUT, [
        'ldapsearch',
        '-x',
        '-LLL',
        '-H',
        `${virtual.service}://${address}:${port}`,
        ...bind,
        '-b',
        query,
        '-s',
        'base',
        '(objectClass=*)',
        'dn',
      ]);
    }
    case 'radius':
      needs('radtest');
      return script(WITH_STATUS, [
        'radtest',
        login,
        password,
        `${address}:${port}`,
        '0',
        settings.quoted('secret') ?? '',
      ]);
    default:
      note(
        remarks,
        place,
        'dropped',
        `service ${virtual.service}: the agent does not speak it; write a script check`,
      );
      return undefined;
  }

  function sql(command: readonly string[], env: Readonly<Record<string, string>>): Plain | undefined {
    if (login === '' || query === '') {
      note(
        remarks,
        place,
        'dropped',
        `service ${virtual.service}: login and request are missing, so every check of ldirectord fails; write a script check`,
      );
      return undefined;
    }
    needs(command[0] as string);
    return script(WITH_OUTPUT, command, env);
  }

  function needs(name: string): void {
    note(
      remarks,
      place,
      'differs',
      `service ${virtual.service}: the check runs ${name}, which must be installed; its secrets stand in the document`,
    );
  }
}

function script(shell: string, command: readonly string[], env?: Readonly<Record<string, string>>): Plain {
  return {
    script: { command: ['/bin/sh', '-c', shell, 'check', ...command], ...(env !== undefined && { env }) },
  };
}
