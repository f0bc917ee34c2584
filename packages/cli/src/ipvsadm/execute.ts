/** Executes a checked request. */
import { kernelErrorText } from './library/kernel-errors.js';
import type { Run } from './library/io.js';
import { list, save } from './list.js';
import { EXIT, IpvsadmError } from './language/messages.js';
import { DEFAULT_INTERFACE, type CommandRequest } from './request/request.js';
import { isUnspecified, serverKey, serverOptions, serviceKey, serviceOptions } from './library/to-library.js';

/** Executes a request; an error of the kernel becomes ipvsadm's sentence for it. */
export function execute(request: CommandRequest, session: Run): void {
  try {
    perform(request, session);
  } catch (error) {
    if (error instanceof IpvsadmError) throw error;
    const text = kernelErrorText(error, request.command);
    // A restore ends if a listing fails, and continues after any other error.
    if (request.command === 'list' || request.command === 'save') throw new IpvsadmError(text, EXIT.list);
    throw new IpvsadmError(text, EXIT.refused, true);
  }
}

function perform(request: CommandRequest, session: Run): void {
  const { service, server, daemon } = request;
  const { ipvs } = session;
  switch (request.command) {
    case 'add-service':
      ipvs.addService(serviceKey(service), serviceOptions(service));
      break;
    case 'edit-service':
      ipvs.setService(serviceKey(service), serviceOptions(service));
      break;
    case 'delete-service':
      ipvs.deleteService(serviceKey(service));
      break;
    case 'clear':
      ipvs.flush();
      break;
    case 'zero':
      if (isUnspecified(service)) ipvs.zero();
      else ipvs.zero(serviceKey(service));
      break;
    case 'add-server':
      ipvs.addDestination(serviceKey(service), serverKey(service, server, true), serverOptions(server));
      break;
    case 'edit-server':
      ipvs.setDestination(serviceKey(service), serverKey(service, server, true), serverOptions(server));
      break;
    case 'delete-server':
      ipvs.deleteDestination(serviceKey(service), serverKey(service, server, false));
      break;
    case 'set':
      ipvs.setTimeouts(request.timeouts);
      break;
    case 'start-daemon':
      ipvs.startDaemon({ ...daemon, interface: daemon.interface || DEFAULT_INTERFACE });
      break;
    case 'stop-daemon':
      ipvs.stopDaemon(daemon.state);
      break;
    case 'list':
      list(request, session);
      break;
    case 'save':
      save(request, session);
      break;
    case 'restore':
    case 'help':
    case 'version':
      // Executed where lines are run: they concern the run itself.
      break;
  }
}
