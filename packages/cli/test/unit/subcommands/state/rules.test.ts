import { expect } from 'chai';
import { DocumentError } from '@ipvs-ts/ipvs';
import { rulesState } from '../../../../dist/subcommands/state/rules-state.js';
import { ran } from '../fake-subcommand-io.js';

const NAMES = {
  programName: 'ipvs-ts',
  names: () => ({
    hostByName: (name: string) => ({ 'www.example': '192.0.2.10', one: '10.0.0.1' })[name],
    hostByAddress: () => undefined,
    serviceByName: (name: string) => ({ http: 80, domain: 53 })[name],
    serviceByPort: () => undefined,
  }),
};

function read(text: string): unknown {
  return rulesState(text, 'rules', NAMES);
}

function mistakes(text: string): string[] {
  try {
    read(text);
  } catch (error) {
    if (DocumentError.is(error, 'ERR_IPVS_DOCUMENT'))
      return error.problems.map(({ line, message }) => `${line}: ${message}`);
    throw error;
  }
  return [];
}

describe('rules as declared state', () => {
  it('mean the same in the patterns of -S -n and in all others', () => {
    const lines = [
      ...['-A -t 192.0.2.1:80 -s wlc', '-A -t 192.0.2.1:81 -s rr', '-A -u 0.0.0.1:65535 -s mh'],
      ...['-a -t 192.0.2.1:80 -r 10.0.0.1:8080 -m -w 0', '-a -t 192.0.2.1:80 -r 10.0.0.2:1 -g -w 999999999'],
      ...[
        '-a -u 0.0.0.1:65535 -r 255.255.255.254:65535 -m -w 7',
        '-a -u 0.0.0.1:65535 -r 10.0.0.3:9 -g -w 1',
      ],
      ...['-a -t 192.0.2.1:81 -r 10.0.0.1:80 -i -w 1', '-A -t 192.0.2.9:80 -s ipvsadmx'],
    ];
    // Words behind two blanks are none of the patterns.
    const long = lines.map((line) => line.replace(' ', '  '));
    expect(read(lines.join('\n'))).to.deep.equal(read(long.join('\n')));
    const mixed = lines.map((line, index) => (index % 2 === 0 ? line : long[index]));
    expect(read(mixed.join('\n'))).to.deep.equal(read(lines.join('\n')));
  });

  it('have the same mistakes in the patterns of -S -n and in all others', () => {
    const service = '-A -t 192.0.2.1:80 -s wlc';
    for (const line of [
      ...[service, '-a -t 192.0.2.2:80 -r 10.0.0.1:80 -m -w 1', '-A -t 192.0.2.3:0 -s rr'],
      ...['-A -t 192.0.2.256:80 -s rr', '-A -t 192.0.2.01:80 -s rr', '-A -t 192.0.2.3:65536 -s rr'],
      ...[
        '-A -t 192.0.2.3:080 -s rr',
        '-A -t 192.0.2.3:80 -s ipvsadm',
        '-A -t 192.0.2.3:80 -s averyveryverylongname',
      ],
      ...['-a -t 192.0.2.1:80 -r 10.0.0.1:0 -m -w 1', '-a -t 192.0.2.1:80 -r 10.0.0.1:70000 -g -w 1'],
      ...['-a -t 192.0.2.1:80 -r 10.0.0.1:80 -m -w 4294967296', '-a -t 192.0.2.1:80 -r 10.0.0.1:80 -m -w -1'],
      ...[
        '-a -t 192.0.2.1:80 -r 224.0.0.1:80 -m -w 1',
        '-a -t 192.0.2.1:80 -r 10.0.0.1:80 -m -w 1 -x 3 -y 5',
      ],
      ...['-a -t 192.0.2.1:80 -r 10.0.0.1:80 -m -w 01', '-A -t 224.0.0.1:80 -s rr', '-A -t 0.0.0.0:80 -s rr'],
    ]) {
      const after = (text: string): unknown => {
        const whole = `${service}\n${text}`;
        const found = mistakes(whole);
        return found.length > 0 ? found : read(whole);
      };
      expect(after(line), line).to.deep.equal(after(line.replace(' ', '  ')));
    }
    const twice = [
      service,
      '-a -t 192.0.2.1:80 -r 10.0.0.1:80 -m -w 1',
      '-a -t 192.0.2.1:80 -r 10.0.0.1:80 -m -w 2',
    ];
    expect(mistakes(twice.join('\n'))).to.deep.equal(mistakes(twice.join('\n').replaceAll('-t ', '-t  ')));
    expect(mistakes(twice.join('\n'))).to.have.length(1);
  });

  it('are those of ipvsadm -S, in every form', () => {
    const text = `-A -t www.example:http -s sh -p 300 -M 255.255.255.0 -b sh-port,sh-fallback
-a -t www.example:http -r one:http -m -w 3
-a -t 192.0.2.10:80 -r 10.0.0.2:80 -i -w 0 --tun-type gue --tun-port 6080 --tun-csum

-A -u [2001:db8::1]:domain -s rr -o --pe sip -p 60 -M 64
-a -u [2001:DB8::1]:53 -r [2001:db8::9]:53 -g -w 1
ipvsadm -A -f 7 -6 -s wlc
-A --sctp-service 192.0.2.1:5060 -s none\r
--add-server --sctp-service 192.0.2.1:5060 --real-server 10.0.0.3 --weight 5 --u-threshold 20 -y 10
`;
    expect(read(text)).to.deep.equal({
      services: {
        'tcp:192.0.2.10:80': {
          scheduler: 'sh',
          flags: ['sh-port', 'sh-fallback'],
          onePacket: false,
          persistence: { timeout: 300, netmask: '255.255.255.0' },
          destinations: {
            '10.0.0.1:80': { forwarding: 'masq', weight: 3, upperThreshold: 0, lowerThreshold: 0 },
            '10.0.0.2:80': {
              forwarding: 'tunnel',
              weight: 0,
              upperThreshold: 0,
              lowerThreshold: 0,
              tunnel: { type: 'gue', port: 6080, checksum: 'csum' },
            },
          },
        },
        'udp:[2001:db8::1]:53': {
          scheduler: 'rr',
          flags: [],
          onePacket: true,
          persistence: { timeout: 60, netmask: 64, engine: 'sip' },
          destinations: {
            '[2001:db8::9]:53': { forwarding: 'route', weight: 1, upperThreshold: 0, lowerThreshold: 0 },
          },
        },
        'fwmark6:7': { scheduler: 'wlc', flags: [], onePacket: false, destinations: {} },
        'sctp:192.0.2.1:5060': {
          scheduler: 'none',
          flags: [],
          onePacket: false,
          destinations: {
            '10.0.0.3:5060': { forwarding: 'route', weight: 5, upperThreshold: 20, lowerThreshold: 10 },
          },
        },
      },
    });
  });

  it('may edit, delete and clear what they made, and set the rest', () => {
    const text = `-A -f 1
-C
-A -f 2 -s rr
-E -f 2 -s wrr
-a -f 2 -r 10.0.0.1:80
-e -f 2 -r 10.0.0.1:80 -w 5
-a -f 2 -r 10.0.0.2:80
-d -f 2 -r 10.0.0.2:80
-A -f 3
-D -f 3
--set 800 0 0
--start-daemon master --syncid 3
--start-daemon backup --mcast-interface eth1
--stop-daemon backup`;
    expect(read(text)).to.deep.equal({
      services: {
        'fwmark:2': {
          scheduler: 'wrr',
          flags: [],
          onePacket: false,
          destinations: {
            '10.0.0.1:80': { forwarding: 'route', weight: 5, upperThreshold: 0, lowerThreshold: 0 },
          },
        },
      },
      timeouts: { tcp: 800, tcpFin: 0, udp: 0 },
      daemons: { master: { interface: 'eth0', syncId: 3 } },
    });
    expect(read('')).to.deep.equal({ services: {} });
  });

  it('report all mistakes by line', () => {
    const text = `-A -t 192.0.2.1:80 -s rr
-A -t 192.0.2.1:080
-a -t 192.0.2.2:80 -r 10.0.0.1:80
# a comment
-a -t 192.0.2.1:80 -r 10.0.0.1:80 -w many
-a -t 192.0.2.1:80 -r nobody:80
-L -n
--bogus
-a -t 192.0.2.1:80 -r 10.0.0.1:80 -y 5
-a -t 192.0.2.1:80 -r 224.0.0.1:80
-a -t 192.0.2.1:80
-e -f 9 -r 10.0.0.1
-h`;
    expect(mistakes(text)).to.deep.equal([
      '2: service tcp:192.0.2.1:80 is there already, since line 1',
      '3: no line before adds service tcp:192.0.2.2:80',
      '4: this is no command of ipvsadm; rules are like -A -t 192.0.2.1:80 -s rr',
      '5: illegal weight specified',
      '6: illegal real server address[:port] specified',
      '7: --list declares nothing; take the line away',
      '8: this is no command of ipvsadm; rules are like -A -t 192.0.2.1:80 -s rr',
      '9: services["tcp:192.0.2.1:80"].destinations["10.0.0.1:80"].lowerThreshold must be at most the upper threshold, which is 0, not 5',
      '10: services["tcp:192.0.2.1:80"].destinations["224.0.0.1:80"] must be a unicast address, not "224.0.0.1"',
      "11: You need to supply the 'real-server' option for the 'add-server' command",
      '12: no line before adds service fwmark:9',
      '13: --help declares nothing; take the line away',
    ]);
  });

  it('are read by plan and apply', async () => {
    const files = { '-': '-A -t www.example:http -s rr\n-a -t www.example:http -r one -m\n', bad: '-A\n' };
    const { status, stdout } = await ran(['plan', '-f', '-', '--from-rules'], { files });
    expect(status).to.equal(2);
    expect(stdout).to.include(
      '+ destination 10.0.0.1:80 of service tcp:192.0.2.10:80: forwarding masq, weight 1\n',
    );
    const bad = await ran(['apply', '-f', 'bad', '--from-rules'], { files });
    expect([bad.status, bad.stdout]).to.deep.equal([1, '']);
    expect(bad.stderr).to.include('\n  bad:1: ');
  });
});
