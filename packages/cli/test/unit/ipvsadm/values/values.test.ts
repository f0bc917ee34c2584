import { expect } from 'chai';
import { parseEndpoint } from '../../../../dist/ipvsadm/values/address.js';
import { inetAton } from '../../../../dist/ipvsadm/language/inet.js';
import { leadingInteger, parseInteger } from '../../../../dist/ipvsadm/values/integer.js';
import { parseSchedulerFlags } from '../../../../dist/ipvsadm/values/sched-flags.js';
import { cutBytes } from '../../../../dist/ipvsadm/values/text.js';
import { trial } from '../../fake-ipvs.js';

describe('integers', () => {
  it('reads what strtol reads', () => {
    const words = ['7', '+7', ' \t7', '007', '-0'];
    expect(words.map((word) => parseInteger(word, 0, 9))).to.deep.equal([7, 7, 7, 7, 0]);
  });
  it('refuses the rest', () => {
    const words = ['', ' ', '7 ', '0x7', '7a', '10', '-1', '99999999999999999999999', '+-1', '٧'];
    expect(words.filter((word) => parseInteger(word, 0, 9) !== undefined)).to.deep.equal([]);
  });
  it('takes the number at the beginning', () => {
    const words = ['64abc', ' +64', 'abc', '', '-3x', '4294967360'];
    expect(words.map(leadingInteger)).to.deep.equal([64, 64, 0, 0, -3, 64]);
  });
});

describe('addresses', () => {
  it('reads IPv4 as inet_aton', () => {
    const words = ['10.1', '0x0a000001', '010.0.0.1', '1', '10.0.0.1 x', '10.0.65535', '0', '1.2.3.4'];
    expect(words.map(inetAton)).to.deep.equal([
      '10.0.0.1',
      '10.0.0.1',
      '8.0.0.1',
      '0.0.0.1',
      '10.0.0.1',
      '10.0.255.255',
      '0.0.0.0',
      '1.2.3.4',
    ]);
  });
  it('refuses what inet_aton refuses', () => {
    const words = [
      '',
      '08',
      '1.',
      '.1',
      '256.0.0.1',
      '1.2.3.256',
      '1.2.65536',
      '4294967296',
      '1.2.3.4.5',
      '0x',
      '+1',
    ];
    expect(words.filter((word) => inetAton(word) !== undefined)).to.deep.equal([]);
  });
  it('splits arguments into address and port', () => {
    const read = (word: string): string => {
      const endpoint = parseEndpoint(word, 'tcp', trial().names);
      return endpoint ? `${endpoint.address} ${endpoint.port}` : 'refused';
    };
    expect(read('10.0.0.1:http')).to.equal('10.0.0.1 80');
    expect(read('10.0.0.1')).to.equal('10.0.0.1 undefined');
    expect(read('web.test:+80')).to.equal('10.0.0.1 80');
    expect(read('fd00::1:80')).to.equal('fd00::1:80 undefined');
    expect(read('[fd00::1]:80')).to.equal('fd00::1 80');
    expect(read('[10.0.0.1]:80')).to.equal('10.0.0.1 undefined');
    for (const word of ['', '123', '[fd00::1]', '10.0.0.1:', '10.0.0.1:65536', 'other.test:80', '[fd00::1']) {
      expect(read(word)).to.equal('refused');
    }
  });
});

describe('scheduler flags', () => {
  it('takes lists with empty parts, even with nothing else', () => {
    expect(parseSchedulerFlags(',flag-1,,flag-2,', 'rr')).to.deep.equal(['flag-1', 'flag-2']);
    expect(parseSchedulerFlags(',', 'rr')).to.deep.equal([]);
  });
  it('refuses unknown flags and those of another scheduler', () => {
    expect(() => parseSchedulerFlags('x', 'rr')).to.throw("invalid scheduler flag `x'");
    expect(() => parseSchedulerFlags('sh-port', 'mh')).to.throw("incompatible scheduler flag `sh-port'");
  });
  it('reads the first 127 bytes', () => {
    expect(() => parseSchedulerFlags('flag-1,'.repeat(19), 'rr')).to.throw("invalid scheduler flag `f'");
  });
});

it('names are cut by bytes', () => {
  expect(cutBytes('abcdef', 3)).to.equal('abc');
  expect(cutBytes('abc', 3)).to.equal('abc');
  expect(cutBytes('aéé', 4)).to.equal('aé');
});
