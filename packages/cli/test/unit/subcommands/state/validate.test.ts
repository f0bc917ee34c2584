import { expect } from 'chai';
import { readNamed } from '../../../../dist/subcommands/state/state-file.js';
import { ran } from '../fake-subcommand-io.js';

const files = {
  'good.yaml': 'services: { fwmark:1: { destinations: { 10.0.0.1:0: {} } } }\n',
  'bad.yaml': 'services:\n  fwmark:1: { wight: 1 }\n',
  rules: '-A -t 192.0.2.1:80 -s rr\n-a -t 192.0.2.1:80 -r 10.0.0.1:80 -m\n',
  'bad-rules': '-A -t 192.0.2.1:80 -s rr\n-a -t 192.0.2.2:80 -r 10.0.0.1:80 -m\n',
  '-': 'services: {}',
};

/** It must not be asked. */
const open = (): Promise<never> => Promise.reject(new Error('the kernel was asked'));

describe('validate', () => {
  it('reports for each file whether it has mistakes, without a kernel', async () => {
    const good = await ran(['validate', 'good.yaml', 'rules', '-'], { files, open });
    expect(good).to.deep.equal({
      status: 0,
      stdout: 'good.yaml: no mistakes\nrules: no mistakes\n-: no mistakes\n',
      stderr: '',
    });
    const bad = await ran(['validate', 'bad.yaml', 'good.yaml', 'bad-rules'], { files, open });
    expect(bad.status).to.equal(1);
    expect(bad.stdout).to.equal('good.yaml: no mistakes\n');
    expect(bad.stderr).to.match(
      /validate: cannot read the document bad\.yaml: it has a mistake:\n {2}bad\.yaml:2:15: /,
    );
    expect(bad.stderr).to.match(
      /validate: cannot read the rules bad-rules: it has a mistake:\n {2}bad-rules:2: /,
    );
  });

  it('reads rules with --from-rules, and names files that it cannot read', async () => {
    const { status, stderr } = await ran(['validate', '--from-rules', 'good.yaml', 'missing'], {
      files,
      open,
    });
    expect(status).to.equal(1);
    expect(stderr).to.include('good.yaml:1: ');
    expect(stderr).to.include("no such file or directory, open 'missing'");
  });

  it('refuses a file that is longer than --max-bytes, and an invalid limit', async () => {
    const length = Buffer.byteLength(files['good.yaml']);
    const run = (bytes: string): ReturnType<typeof ran> =>
      ran(['validate', `--max-bytes=${bytes}`, 'good.yaml'], { files, open });
    expect((await run(String(length))).status).to.equal(0);
    const tooLong = await run(String(length - 1));
    expect(tooLong.status).to.equal(1);
    expect(tooLong.stderr).to.include(`good.yaml: it is longer than ${length - 1} bytes, the limit`);
    for (const wrong of ['0', '-1', '64M', '1e3', '', '536870889', '99999999999']) {
      const { status, stderr } = await run(wrong);
      expect(status, wrong).to.equal(1);
      expect(stderr).to.include(
        `--max-bytes ${JSON.stringify(wrong)}: it must be an integer from 1 to 536870888, without a unit`,
      );
    }
  });

  it('prints JSON', async () => {
    const { status, stdout } = await ran(['validate', '--json', 'good.yaml', 'bad.yaml', 'missing'], {
      files,
      open,
    });
    expect(status).to.equal(1);
    const { files: checked } = JSON.parse(stdout) as {
      files: { file: string; valid: boolean; problems?: { line: number }[]; error?: { code: string } }[];
    };
    expect(checked.map(({ file, valid }) => [file, valid])).to.deep.equal([
      ['good.yaml', true],
      ['bad.yaml', false],
      ['missing', false],
    ]);
    expect(checked[1]?.problems?.map(({ line }) => line)).to.deep.equal([2]);
    expect(checked[2]?.error?.code).to.equal('ENOENT');
  });

  it('names the file of every error of reading', async () => {
    for (const [code, message] of [
      ['EIO', 'EIO: i/o error, read'],
      ['EACCES', "EACCES: permission denied, open 'a.yaml'"],
      ['EISDIR', 'EISDIR: illegal operation on a directory, read'],
    ] as const) {
      const readText = (): Promise<never> => Promise.reject(Object.assign(new Error(message), { code }));
      const error: unknown = await readNamed('a.yaml', { readText } as never).catch((each: unknown) => each);
      expect(error).to.include({ code });
      expect((error as Error).message.match(/a\.yaml/g), code).to.have.length(1);
    }
  });

  it('needs a file', async () => {
    const { status, stderr } = await ran(['validate'], { files, open });
    expect(status).to.equal(1);
    expect(stderr).to.include('FILE is missing');
    const json = await ran(['validate', '--json'], { files, open });
    expect(JSON.parse(json.stdout)).to.deep.equal({ error: { message: 'FILE is missing' } });
  });
});

describe('plan and apply', () => {
  it('accept the file as an operand too', async () => {
    const { status, stdout } = await ran(['plan', 'good.yaml'], { files });
    expect(status).to.equal(2);
    expect(stdout).to.include('+ service fwmark:1');
    const twice = await ran(['plan', 'good.yaml', '-f', 'good.yaml'], { files });
    expect(twice.status).to.equal(1);
    expect(twice.stderr).to.include('FILE is named twice');
  });

  it('say how much was done where the report cannot be written', async () => {
    const { status, stderr } = await ran(['apply', 'good.yaml'], { files, fullDisk: true });
    expect(status).to.equal(1);
    expect(stderr).to.match(/^ipvs-ts apply: 2 of 2 changes were made\nipvs-ts apply: .*full/);
  });

  it('name the closest scheduler before anything is sent', async () => {
    const { status, stderr } = await ran(['apply', 'f.yaml'], {
      files: { 'f.yaml': 'services:\n  fwmark:1:\n    scheduler: wr\n' },
    });
    expect(status).to.equal(1);
    expect(stderr).to.include('f.yaml:3:16: ').and.to.include('did you mean wrr?');
  });
});
