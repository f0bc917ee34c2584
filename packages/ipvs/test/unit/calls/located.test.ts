import { expect } from 'chai';
import { calls } from '@ipvs-ts/ipvs';
import { checkedCalls } from '../../../dist/calls/calls.js';
import {
  LocatedDestination,
  LocatedService,
  locateDestination,
  locateService,
} from '../../../dist/model/key.js';

describe('calls for names that were parsed before', () => {
  const service = locateService('tcp:192.0.2.10:80');
  const destination = locateDestination('10.0.0.11:80');

  it('are the same as for their texts', () => {
    expect(checkedCalls.addService(service).values).to.deep.equal(calls.addService(service.text).values);
    const added = checkedCalls.addDestination(service, destination);
    const { values, words } = calls.addDestination(service.text, destination.text);
    expect([added.values, added.words]).to.deep.equal([values, words]);
  });

  it('use them as they are, without parsing', () => {
    const unparsable = new LocatedService({ protocol: 'tcp', address: '?', port: 1 }, service.address);
    const other = new LocatedDestination({ address: '?', port: 1 }, destination.address);
    expect(checkedCalls.deleteDestination(unparsable, other).words).to.equal(
      'delete destination ?:1 of service tcp:?:1',
    );
  });
});
