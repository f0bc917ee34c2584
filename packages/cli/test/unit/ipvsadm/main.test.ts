import { IpvsError } from '@ipvs-ts/ipvs';
import { expect } from 'chai';
import { ipvsadm } from '../../../dist/index.js';
import { destination, service, trial, type Trial } from '../fake-ipvs.js';

function run(words: string, io: Trial): number {
  return ipvsadm(words === '' ? [] : words.split(' '), io);
}

function asked(words: string): unknown[][] {
  const io = trial();
  expect(run(words, io)).to.equal(0);
  expect(io.out + io.err).to.equal('');
  return io.asked;
}

function fails(errno: number): () => never {
  return () => {
    throw new IpvsError('ERR_IPVS_KERNEL', 'refused', { operation: 'test', errno });
  };
}

describe('commands', () => {
  const web = { protocol: 'tcp', address: '10.0.0.1', port: 80 };

  it('adds services', () => {
    expect(asked('-A -t 10.0.0.1:80')).to.deep.equal([
      ['addService', web, { scheduler: 'wlc', flags: [], onePacket: false }],
    ]);
    expect(asked('-A -t 10.0.0.1:80 -s sh -b sh-port -p 5 -M 255.255.255.0 --pe sip')).to.deep.equal([
      [
        'addService',
        web,
        {
          scheduler: 'sh',
          flags: ['sh-port'],
          onePacket: false,
          persistence: { timeout: 5, netmask: '255.255.255.0', engine: 'sip' },
        },
      ],
    ]);
  });
  it('adds marks', () => {
    const options = { scheduler: 'wlc', flags: [], onePacket: false };
    expect(asked('-E -f 4294967295')).to.deep.equal([
      ['setService', { fwmark: 4294967295, family: 'ipv4' }, options],
    ]);
    expect(asked('-E -f 1 -6 -M 64')).to.deep.equal([
      ['setService', { fwmark: 1, family: 'ipv6' }, { ...options, persistence: { timeout: 0, netmask: 64 } }],
    ]);
  });
  it('adds real servers', () => {
    const options = { forwarding: 'route', weight: 1, upperThreshold: 0, lowerThreshold: 0 };
    expect(asked('-a -t 10.0.0.1:80 -r 10.0.0.2:81')).to.deep.equal([
      ['addDestination', web, { address: '10.0.0.2', port: 80 }, options],
    ]);
    expect(asked('-d -t 10.0.0.1:80 -r 10.0.0.2:81')).to.deep.equal([
      ['deleteDestination', web, { address: '10.0.0.2', port: 81 }],
    ]);
    expect(
      asked('-e -t 10.0.0.1:80 -r [fd00::2]:81 -i --tun-type gue --tun-port 9 -w 0 -x 3 -y 2'),
    ).to.deep.equal([
      [
        'setDestination',
        web,
        { address: 'fd00::2', port: 80 },
        {
          forwarding: 'tunnel',
          weight: 0,
          upperThreshold: 3,
          lowerThreshold: 2,
          tunnel: { type: 'gue', port: 9, checksum: 'none' },
        },
      ],
    ]);
  });
  it('makes all other calls', () => {
    expect(asked('-C')).to.deep.equal([['flush']]);
    expect(asked('-D -u 10.0.0.1:53')).to.deep.equal([
      ['deleteService', { protocol: 'udp', address: '10.0.0.1', port: 53 }],
    ]);
    expect(asked('-Z')).to.deep.equal([['zero']]);
    expect(asked('-Z -t 0.0.0.0')).to.deep.equal([['zero']]);
    expect(asked('-Z -f 3')).to.deep.equal([['zero', { fwmark: 3, family: 'ipv4' }]]);
    expect(asked('--set 1 2 3')).to.deep.equal([['setTimeouts', { tcp: 1, tcpFin: 2, udp: 3 }]]);
    expect(asked('--stop-daemon backup')).to.deep.equal([['stopDaemon', 'backup']]);
    expect(asked('--start-daemon master --mcast-ttl 3')).to.deep.equal([
      ['startDaemon', { state: 'master', interface: 'eth0', syncId: 0, ttl: 3 }],
    ]);
  });
  it('lists with names by default', () => {
    const table = { services: [service()], destinations: [destination()] };
    const named = trial(table);
    expect(run('', named)).to.equal(0);
    expect(named.out.split('\n').slice(0, 4)).to.deep.equal([
      'IP Virtual Server version 1.2.1 (size=4096)',
      'Prot LocalAddress:Port Scheduler Flags',
      '  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn',
      'TCP  web.test:http wlc',
    ]);
    const numeric = trial(table);
    run('-Sn', numeric);
    expect(numeric.out).to.equal('-A -t 10.0.0.1:80 -s wlc\n-a -t 10.0.0.1:80 -r 10.0.0.2:80 -g -w 1\n');
  });
});

it('a listing shows the current size of the connection table', () => {
  let asked = 0;
  const io = trial({ info: () => ({ version: '1.2.1', connectionTableSize: asked++ * 256 }) });
  run('-ln', io);
  expect(io.out).to.match(/^IP Virtual Server version 1\.2\.1 \(size=256\)\n/);
});

describe('errors', () => {
  it('are reported by command and errno', () => {
    const texts: readonly (readonly [string, string, number, string, number])[] = [
      ['-A -t 10.0.0.1:80', 'addService', 17, 'Service already exists', 255],
      ['-A -t 10.0.0.1:80', 'addService', 2, 'Scheduler or persistence engine not found', 255],
      ['-D -t 10.0.0.1:80', 'deleteService', 3, 'No such service', 255],
      ['-a -t 10.0.0.1:80 -r 10.0.0.2', 'addDestination', 3, 'Service not defined', 255],
      ['-a -t 10.0.0.1:80 -r 10.0.0.2', 'addDestination', 34, 'Numerical result out of range', 255],
      ['-d -t 10.0.0.1:80 -r 10.0.0.2', 'deleteDestination', 2, 'No such destination', 255],
      ['-C', 'flush', 1, 'Permission denied (you must be root)', 255],
      ['-l -t 10.0.0.1:80', 'service', 3, 'No such service', 1],
    ];
    for (const [words, method, errno, text, status] of texts) {
      const io = trial({ [method]: fails(errno) });
      expect(run(words, io)).to.equal(status);
      expect(io.err).to.equal(`${text}\n`);
    }
  });
  it('of the program itself are not suppressed', () => {
    const io = trial({
      flush: () => {
        throw new TypeError('a mistake');
      },
    });
    expect(() => run('-C', io)).to.throw(TypeError, 'a mistake');
  });
  it('name the program as it was started', () => {
    const io = trial();
    expect(run('--bogus', io)).to.equal(255);
    expect(io.err).to.equal("Try `ipvs-ts -h' or 'ipvs-ts --help' for more information.\n");
  });
});

describe('opening', () => {
  const unavailable = (code: 'ERR_IPVS_UNAVAILABLE' | 'ERR_IPVS_PERMISSION') => (): never => {
    throw new IpvsError(code, 'none', { operation: 'open' });
  };

  it('comes before the arguments', () => {
    const io = trial({}, { open: unavailable('ERR_IPVS_UNAVAILABLE') });
    expect(run('-h', io)).to.equal(2);
    expect(io.out).to.equal('');
    expect(io.err).to.equal(
      "Can't initialize ipvs: Protocol not available\n" +
        'Are you sure that IP Virtual Server is built in the kernel or as module?\n',
    );
  });
  it('is tried again when the module could be loaded', () => {
    const working = trial();
    let tries = 0;
    const io = trial(
      {},
      {
        open: () => (tries++ === 0 ? unavailable('ERR_IPVS_UNAVAILABLE')() : working.open()),
        loadModule: () => true,
      },
    );
    expect(run('-C', io)).to.equal(0);
  });
  it('reports that it is not permitted', () => {
    const io = trial({}, { open: unavailable('ERR_IPVS_PERMISSION'), loadModule: () => true });
    run('-l', io);
    expect(io.err).to.contain('Permission denied (you must be root)');
  });
  it('warns of an IPVS that is too old', () => {
    const io = trial({ info: { version: '1.1.3', connectionTableSize: 1 } });
    expect(run('-C', io)).to.equal(0);
    expect(io.err).to.contain(
      'Warning: IPVS version mismatch: \n  Kernel compiled with IPVS version 1.1.3\n',
    );
  });
});

describe('restore', () => {
  function restore(
    stdin: string,
    answers: Readonly<Record<string, unknown>> = {},
  ): [number, string, unknown[][]] {
    const io = trial(answers, { readStdin: () => stdin });
    return [run('-R', io), io.err, io.asked];
  }

  it('exits with the status of the last line', () => {
    expect(restore('-C\n-D -f 1\n', { deleteService: fails(3) })[0]).to.equal(255);
    expect(restore('-D -f 1\n-C\n', { deleteService: fails(3) })).to.deep.equal([
      0,
      'No such service\n',
      [['deleteService', { fwmark: 1, family: 'ipv4' }], ['flush']],
    ]);
  });
  it('continues after unknown options, and stops at wrong arguments', () => {
    expect(restore('-C --bogus\n-C\n')).to.deep.equal([0, '--bogus: unknown option\n', [['flush']]]);
    expect(restore('-C foo\n-C\n')).to.deep.equal([2, 'unexpected argument foo\n', []]);
    expect(restore('# comment\n-C\n')[0]).to.equal(255);
  });
  it('cannot be nested', () => {
    expect(restore('-R\n-C\n')[0]).to.equal(255);
  });
  it('ends with 0 at -v', () => {
    const io = trial({}, { readStdin: () => '-v\n-C\n' });
    expect(run('-R', io)).to.equal(0);
    expect(io.out).to.equal('ipvsadm v1.31 2019/12/24 (compiled with popt and IPVS v1.2.1)\n');
    expect(io.asked).to.deep.equal([]);
  });
});
