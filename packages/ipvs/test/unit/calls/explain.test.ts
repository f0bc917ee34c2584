import { expect } from 'chai';
import { type Call, calls, IpvsError, type IpvsErrorCode } from '@ipvs-ts/ipvs';
import { failureError } from '../../../../netlink/dist/errors.js';
import { NetlinkError } from '@ipvs-ts/netlink';
import { explain } from '../../../dist/calls/explain.js';

const WEB = 'tcp:192.0.2.10:80';
const SERVER = '10.0.0.1:80';
const E = {
  ENOENT: 2,
  ESRCH: 3,
  EAGAIN: 11,
  ENOMEM: 12,
  EBUSY: 16,
  EEXIST: 17,
  ENODEV: 19,
  EINVAL: 22,
  ERANGE: 34,
  ENOPROTOOPT: 92,
  EOPNOTSUPP: 95,
  EAFNOSUPPORT: 97,
  EADDRNOTAVAIL: 99,
} as const;

/** Every errno of the kernel by call: the code, and words that the message must contain. */
const CATALOGUE: readonly (readonly [Call, keyof typeof E, IpvsErrorCode, ...string[]])[] = [
  [calls.addService(WEB), 'EEXIST', 'ERR_IPVS_SERVICE_EXISTS', WEB, 'update'],
  [calls.addService(WEB, { scheduler: 'rrr' }), 'ENOENT', 'ERR_IPVS_SCHEDULER_NOT_FOUND', 'rrr', 'ip_vs_rrr'],
  [calls.addService(WEB), 'ENOENT', 'ERR_IPVS_SCHEDULER_NOT_FOUND', 'wlc'],
  [
    calls.addService(WEB, { persistence: { timeout: 1, engine: 'spi' } }),
    'ENOENT',
    'ERR_IPVS_SCHEDULER_OR_ENGINE_NOT_FOUND',
    'ip_vs_pe_spi',
  ],
  [calls.addService(WEB), 'EINVAL', 'ERR_IPVS_INVALID'],
  [calls.addService(WEB), 'EAFNOSUPPORT', 'ERR_IPVS_FAMILY_UNSUPPORTED', 'IPv6'],
  [calls.addService(WEB), 'ENOPROTOOPT', 'ERR_IPVS_MODULE_LEAVING', 'unloaded'],
  [calls.addService(WEB), 'ENOMEM', 'ERR_IPVS_KERNEL', 'Cannot allocate memory'],
  [calls.setService(WEB), 'ESRCH', 'ERR_IPVS_SERVICE_NOT_FOUND', WEB],
  [calls.setService(WEB), 'ENOENT', 'ERR_IPVS_SCHEDULER_NOT_FOUND'],
  [calls.setService(WEB), 'EINVAL', 'ERR_IPVS_INVALID'],
  [calls.deleteService(WEB), 'ESRCH', 'ERR_IPVS_SERVICE_NOT_FOUND', WEB],
  [calls.service(WEB), 'ESRCH', 'ERR_IPVS_SERVICE_NOT_FOUND', WEB],
  [calls.service('fwmark6:1'), 'EAFNOSUPPORT', 'ERR_IPVS_FAMILY_UNSUPPORTED', 'fwmark6:1'],
  [calls.service(WEB), 'ENOENT', 'ERR_IPVS_KERNEL'],
  [calls.zero(WEB), 'ESRCH', 'ERR_IPVS_SERVICE_NOT_FOUND', WEB],
  [calls.addDestination(WEB, SERVER), 'ESRCH', 'ERR_IPVS_SERVICE_NOT_FOUND', WEB, SERVER],
  [calls.addDestination(WEB, SERVER), 'EEXIST', 'ERR_IPVS_DESTINATION_EXISTS', WEB, SERVER],
  [calls.addDestination(WEB, SERVER), 'EINVAL', 'ERR_IPVS_INVALID', SERVER, 'unicast'],
  [calls.addDestination(WEB, SERVER), 'ERANGE', 'ERR_IPVS_INVALID', 'threshold'],
  [calls.setDestination(WEB, SERVER), 'ENOENT', 'ERR_IPVS_DESTINATION_NOT_FOUND', WEB, SERVER],
  [calls.setDestination(WEB, SERVER), 'ESRCH', 'ERR_IPVS_SERVICE_NOT_FOUND', WEB],
  [calls.setDestination(WEB, SERVER), 'ERANGE', 'ERR_IPVS_INVALID', 'threshold'],
  [calls.deleteDestination(WEB, SERVER), 'ENOENT', 'ERR_IPVS_DESTINATION_NOT_FOUND', SERVER],
  [calls.deleteDestination(WEB, SERVER), 'ESRCH', 'ERR_IPVS_SERVICE_NOT_FOUND', WEB],
  [calls.startDaemon({ state: 'master', interface: 'x0' }), 'EEXIST', 'ERR_IPVS_DAEMON_EXISTS', 'master'],
  [
    calls.startDaemon({ state: 'master', interface: 'x0' }),
    'ENODEV',
    'ERR_IPVS_INTERFACE_NOT_FOUND',
    'interface',
  ],
  [calls.startDaemon({ state: 'backup', interface: 'x0' }), 'EINVAL', 'ERR_IPVS_INVALID', 'multicast'],
  [calls.startDaemon({ state: 'backup', interface: 'x0' }), 'EADDRNOTAVAIL', 'ERR_IPVS_KERNEL', 'backup'],
  [calls.stopDaemon('backup'), 'ESRCH', 'ERR_IPVS_DAEMON_NOT_FOUND', 'backup'],
  [calls.setTimeouts({ tcp: 1 }), 'EINVAL', 'ERR_IPVS_INVALID', 'timeout'],
  [calls.services(), 'EBUSY', 'ERR_IPVS_KERNEL', 'list the services'],
  [calls.info(), 'EOPNOTSUPP', 'ERR_IPVS_KERNEL', 'version'],
  [calls.flush(), 'EAGAIN', 'ERR_IPVS_KERNEL', 'delete all services'],
];

describe('explained errors', () => {
  for (const [call, name, code, ...words] of CATALOGUE) {
    it(`${call.words}: ${name} is ${code}`, () => {
      const cause = failureError({ code: 'ERR_NETLINK_KERNEL', errno: E[name] });
      const error = explain(call, cause) as IpvsError;
      expect(IpvsError.is(error, code), error.code).to.equal(true);
      expect(error).to.include({ errno: E[name], errnoName: name, operation: call.words, cause });
      expect(error).to.include({ service: call.service, destination: call.destination });
      for (const word of [...words, call.words, name]) expect(error.message).to.contain(word);
    });
  }

  it('report a missing capability, whichever it is', () => {
    const error = explain(calls.flush(), failureError({ code: 'ERR_NETLINK_KERNEL', errno: 1 })) as IpvsError;
    expect(['ERR_IPVS_PERMISSION', 'ERR_IPVS_USER_NAMESPACE']).to.include(error.code);
    expect(error.message).to.contain('CAP_NET_ADMIN');
  });

  it('keep the error of the transport', () => {
    const lost = new NetlinkError('ERR_NETLINK_OVERRUN', 'answers were lost');
    expect(explain(calls.flush(), lost)).to.deep.include({ code: 'ERR_IPVS_NETLINK', cause: lost });
    const closed = new NetlinkError('ERR_NETLINK_CLOSED', 'closed');
    expect(explain(calls.flush(), closed)).to.deep.include({ code: 'ERR_IPVS_CLOSED' });
    const other = new TypeError('not ours');
    expect(explain(calls.flush(), other)).to.equal(other);
  });
});
