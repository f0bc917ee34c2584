import { importKeepalived, type Remark } from '@ipvs-ts/agent';
import { expect } from 'chai';

type Check = Readonly<Record<string, unknown>>;
interface Service {
  readonly check?: Check | readonly Check[];
  readonly health?: Check;
  readonly destinations: Readonly<Record<string, Check>>;
}

function convert(text: string): { service: Service; remarks: readonly Remark[]; document: Check } {
  const { document, remarks } = importKeepalived({ path: 'f', text });
  const [service] = Object.values(document['services'] as Record<string, Service>);
  return { service: service as Service, remarks, document };
}

/** A virtual server with one server that has `checker`. */
function checked(checker: string, virtual = '', server = ''): { check: Check; remarks: string[] } {
  const { service, remarks } = convert(
    `virtual_server 10.0.0.1 80 {\nprotocol TCP\n${virtual}\nreal_server 10.0.0.2 80 {\n${server}\n${checker}\n}\n}`,
  );
  const texts = remarks
    .filter(({ fate }) => fate === 'differs' || fate === 'dropped')
    .map(({ text }) => text);
  return { check: service.check as Check, remarks: texts };
}

const timing = ({ interval, failingInterval, timeout, fall, rise }: Check): unknown[] => [
  interval,
  failingInterval,
  timeout,
  fall,
  rise,
];

describe('the import of checkers', () => {
  const defaults: Readonly<Record<string, readonly unknown[]>> = {
    'TCP_CHECK {\n}': ['1m', '1s', '5s', 2, 1],
    'HTTP_GET {\nurl {\npath /\n}\n}': ['1m', '3s', '5s', 2, 1],
    'SSL_GET {\nurl {\npath /\n}\n}': ['1m', '3s', '5s', 2, 1],
    'DNS_CHECK {\n}': ['1m', '1m', '5s', 4, 1],
    'MISC_CHECK {\nmisc_path /bin/true\n}': ['1m', undefined, '1m', 1, 1],
    'UDP_CHECK {\n}': ['1m', '1s', '5s', 2, 1],
    'PING_CHECK {\n}': ['1m', '1s', '5s', 2, 1],
    'SMTP_CHECK {\n}': ['1m', '1s', '5s', 2, 1],
  };
  for (const [checker, expected] of Object.entries(defaults))
    it(`${checker.split(' ')[0] as string} has keepalived’s defaults`, () => {
      const { check, remarks } = checked(checker);
      expect(timing(check)).to.deep.equal(expected);
      expect(remarks).to.deep.equal([]);
    });

  it('the inner block wins: checker, server, virtual server', () => {
    const virtual = 'delay_loop 7\nretry 4\ndelay_before_retry 2\nconnect_timeout 9';
    expect(timing(checked('TCP_CHECK {\n}', virtual).check)).to.deep.equal(['7s', '2s', '9s', 5, 1]);
    const server = 'delay_loop 3\nretry 2';
    expect(timing(checked('TCP_CHECK {\n}', virtual, server).check)).to.deep.equal(['3s', '2s', '9s', 3, 1]);
    const own = 'TCP_CHECK {\nretry 0\nconnect_timeout 1.5\n}';
    expect(timing(checked(own, virtual, server).check)).to.deep.equal(['3s', undefined, '1s500ms', 1, 1]);
  });

  it('a URL is asked for at its host, or at the address and port of the server', () => {
    const url = (more: string): string => `HTTP_GET {\nconnect_port 8080\nurl {\npath /x\n${more}\n}\n}`;
    const http = (check: Check): unknown => (check['http'] as Check)['host'];
    expect(http(checked(url('')).check)).to.equal('10.0.0.2:8080');
    expect(http(checked(url(''), 'virtualhost v').check)).to.equal('v');
    expect(http(checked(url(''), 'virtualhost v', 'virtualhost r').check)).to.equal('r');
    expect(http(checked(url('virtualhost u'), 'virtualhost v').check)).to.equal('u');
    expect(checked(url('')).check['port']).to.equal(8080);
  });

  it('patterns that must not match become patterns that do', () => {
    const pattern = (more: string): RegExp => {
      const { check } = checked(`HTTP_GET {\nurl {\npath /\nregex "down|bad"\n${more}\n}\n}`);
      return new RegExp((check['http'] as Check)['body'] as string, 'u');
    };
    expect(['all\nbad\n', 'fine'].map((body) => pattern('').test(body))).to.deep.equal([true, false]);
    expect(['all\nbad\n', 'fine'].map((body) => pattern('regex_no_match').test(body))).to.deep.equal([
      false,
      true,
    ]);
  });

  it('the reply of a UDP check is compared as far as both go', () => {
    const { check } = checked(
      'UDP_CHECK {\npayload 1 ff\nrequire_reply 01 x2 3x xx\nmin_reply_length 1\nmax_reply_length 5\n}',
    );
    const udp = check['udp'] as Check;
    expect(udp['send']).to.equal('\x01\xff');
    const expected = new RegExp(udp['expect'] as string, 'u');
    const matches = (...bytes: number[]): boolean => expected.test(String.fromCharCode(...bytes));
    expect(matches()).to.equal(false);
    expect(matches(1)).to.equal(true);
    expect(matches(2)).to.equal(false);
    expect(matches(1, 0xf2)).to.equal(true);
    expect(matches(1, 0xf3)).to.equal(false);
    expect(matches(1, 2, 0x3f, 9, 9)).to.equal(true);
    expect(matches(1, 2, 0x4f, 9, 9)).to.equal(false);
    expect(matches(1, 2, 0x3f, 9, 9, 9)).to.equal(false);
  });

  it('a script fails at any status but 0, and sets the weight with misc_dynamic', () => {
    const command = (more: string): unknown => {
      const { check } = checked(`MISC_CHECK {\nmisc_path "/x/y 'a b' c"\n${more}\n}`, '', 'weight 50');
      return (check['script'] as Check)['command'];
    };
    expect(command('')).to.deep.equal(['/bin/sh', '-c', '"$@" || exit 1', 'check', '/x/y', 'a b', 'c']);
    expect(command('misc_dynamic')).to.deep.equal([
      '/bin/sh',
      '-c',
      '"$@" >/dev/null; s=$?; [ $s -lt 2 ] && exit $s; echo "up $(((s - 2) * 100 / 50))%"',
      'check',
      '/x/y',
      'a b',
      'c',
    ]);
  });

  it('a check of another address is left out, with a remark', () => {
    const { check, remarks } = checked('TCP_CHECK {\nconnect_ip 10.0.0.9\n}');
    expect(check).to.equal(undefined);
    expect(remarks.join()).to.match(/checks of other addresses are not supported yet/);
    expect(checked('TCP_CHECK {\nconnect_ip 10.0.0.2\n}').remarks).to.deep.equal([]);
  });

  it('what the agent does not support has a remark, and the check remains', () => {
    for (const line of ['bindto 10.0.0.1', 'bind_if eth0', 'bind_port 5', 'fwmark 7']) {
      const { check, remarks } = checked(`TCP_CHECK {\n${line}\n}`);
      expect(check['tcp'], line).to.deep.equal({});
      expect(remarks.join(), line).to.match(/not supported yet/);
    }
  });

  it('times beyond the limits of the agent are clipped, with a remark', () => {
    const { check, remarks } = checked('TCP_CHECK {\nretry 500\ndelay_loop 0.01\nconnect_timeout 0.001\n}');
    expect(timing(check)).to.deep.equal(['100ms', '1s', '10ms', 100, 1]);
    expect(remarks).to.have.length(3);
  });
});

describe('what happens when servers fail', () => {
  const service = (
    virtual: string,
    ...servers: string[]
  ): { health: Check | undefined; remarks: string[] } => {
    const blocks = servers
      .map((text, n) => `real_server 10.0.0.${n + 2} 80 {\n${text}\nTCP_CHECK {\n}\n}`)
      .join('\n');
    const { service, remarks } = convert(
      `virtual_server 10.0.0.1 80 {\nprotocol TCP\nlb_kind DR\n${virtual}\n${blocks}\n}`,
    );
    const texts = remarks.filter(({ fate }) => fate !== 'taken over').map(({ text }) => text);
    return { health: service.health, remarks: texts };
  };

  it('servers are removed, and quiesced with inhibit_on_failure', () => {
    expect(service('', '').health).to.deep.equal({ whenDown: 'remove', whenAllDown: 'refuse' });
    expect(service('inhibit_on_failure', '').health?.['whenDown']).to.equal('quiesce');
    expect(service('', 'inhibit_on_failure', 'inhibit_on_failure').health?.['whenDown']).to.equal('quiesce');
    const mixed = service('inhibit_on_failure', '', 'inhibit_on_failure off');
    expect(mixed.health?.['whenDown']).to.equal('remove');
    expect(mixed.remarks.join()).to.match(/inhibit_on_failure is for some servers only/);
  });

  it('a sorry server is used', () => {
    expect(service('sorry_server 10.0.0.9 8080', '').health).to.deep.equal({
      whenDown: 'remove',
      whenAllDown: 'sorry',
      sorry: { '10.0.0.9:80': { forwarding: 'route' } },
    });
  });

  it('a quorum matters where one server is not enough for it', () => {
    expect(service('quorum 1', 'weight 1').remarks).to.deep.equal([]);
    expect(service('quorum 9', 'weight 3').remarks, 'no more than there is').to.deep.equal([]);
    expect(service('quorum 3', 'weight 3', 'weight 4').remarks).to.deep.equal([]);
    expect(service('quorum 4', 'weight 3', 'weight 4').remarks.join()).to.match(
      /runs no commands at a quorum/,
    );
    expect(service('quorum 4\nsorry_server 10.0.0.9', 'weight 3', 'weight 4').remarks.join()).to.match(
      /the sorry destination comes when no other is left/,
    );
  });
});

describe('what stays in keepalived', () => {
  const text = [
    'global_defs {\nrouter_id A\nlvs_timeouts tcp 100 udp 7\n}',
    'vrrp_instance V {\ninterface eth0\ntrack_file {\nother\n}\n}',
    'vrrp_instance W {\ninterface eth0\n}',
    'virtual_server 10.0.0.1 80 {\nreal_server 10.0.0.2 80 {\n}\n}',
  ].join('\n');

  it('is printed, with a file that the instances track', () => {
    const { kept, document } = importKeepalived({ path: 'f', text });
    expect(kept).to.equal(
      [
        'global_defs {',
        '    router_id A',
        '}',
        'track_file ipvs_ts {',
        '    file "/run/ipvs-ts/fit"',
        '    weight 0',
        '}',
        'vrrp_instance V {',
        '    interface eth0',
        '    track_file {',
        '        other',
        '        ipvs_ts',
        '    }',
        '}',
        'vrrp_instance W {',
        '    interface eth0',
        '    track_file {',
        '        ipvs_ts',
        '    }',
        '}',
        '',
      ].join('\n'),
    );
    expect(document['agent']).to.deep.equal({ trackFile: '/run/ipvs-ts/fit' });
    expect(document['timeouts']).to.deep.equal({ tcp: 100, udp: 7 });
  });

  it('is empty for a file without it', () => {
    const { kept, document } = importKeepalived({ path: 'f', text: 'virtual_server 10.0.0.1 80 {\n}' });
    expect([kept, document]).to.deep.equal([undefined, { services: {} }]);
  });
});
