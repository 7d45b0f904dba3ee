/** Tunnels to where an operator has said: what the connections of `tcp()` are answered by. */
import { join, type Tunnel } from '../../bytes/index.ts';
import {
	type ConnectorOptions,
	type ConnectorStatistics,
	type ConnectReceiver,
	connector,
} from '../../client/index.ts';
import {
	type App,
	type Context,
	HttpError,
	type IncomingRequest,
	noteComposition,
	OutgoingResponse,
	PendingResponse,
	type RawRequest,
	raw,
	statusLine,
	UpstreamError,
} from '../../convention/index.ts';
import { FieldList, parseAuthority } from '../../fields/index.ts';
import { checkNames, checkObject } from '../../names/index.ts';
import { failureEntry, failureResponse, logToStderr, type ProxyLogEntry } from '../failure.ts';

export interface TunnelsOptions extends ConnectorOptions {
	/** Told of each that could not be opened. Default: a line on standard error. */
	readonly log?: (entry: ProxyLogEntry) => void;
}

export interface Tunnels extends App {
	statistics(): ConnectorStatistics;
	/** Cuts off what stands, and opens no more. */
	close(): Promise<void>;
}

/**
 * Answers CONNECT by a tunnel to its target, whoever asks and wherever that is: only for listeners where we say what the target is, such as
 * those of `tcp()`. For clients that say it themselves there is `forward`. Throws TypeError for a bad option.
 */
export function tunnels(options: TunnelsOptions = {}): Tunnels {
	checkObject('tunnels', options, '{ timeouts: { connect: 5_000 } }');
	checkNames('tunnels: ', options, ['guard', 'parent', 'proxyHeader', 'resolve', 'timeouts', 'log']);
	const { log = logToStderr, ...rest } = options;
	const connections = connector(rest);
	const app = (given: Request, context: Context): Promise<Response> => {
		const request = raw(given);
		const { host, port } = destinationOf(request, context);
		const opening = new Opening(request, log);
		connections.connect(host, port, context, opening);
		return opening;
	};
	const explain = ({ method, target }: RawRequest) =>
		method === 'CONNECT'
			? { does: [`Opens a tunnel to ${target}.`] }
			: { does: ['Opens tunnels alone.'], answers: statusLine(405) };
	noteComposition(app, { note: { name: 'tunnels', explain }, layer: null, inner: [] });
	return Object.assign(app, { statistics: () => connections.statistics(), close: () => connections.close() });
}

function destinationOf(request: IncomingRequest, context: Context): { host: string; port: number } {
	if (request.method !== 'CONNECT' || request.form !== 'authority')
		throw new HttpError(405, { message: 'Only tunnels are opened here.', fields: { Allow: 'CONNECT' } });
	if (!context.offers.includes('connect')) throw new HttpError(501, { message: 'No tunnel can be opened here.' });
	const parsed = parseAuthority(request.target);
	if (parsed === null || parsed.port === null)
		throw new HttpError(400, { message: 'The target is no host with a port.' });
	request.payload?.cancel();
	return { host: parsed.host, port: parsed.port };
}

class Opening extends PendingResponse implements ConnectReceiver {
	private readonly request: IncomingRequest;
	private readonly log: (entry: ProxyLogEntry) => void;

	constructor(request: IncomingRequest, log: (entry: ProxyLogEntry) => void) {
		super();
		this.request = request;
		this.log = log;
	}

	connected(there: Tunnel): void {
		this.resolve(
			new OutgoingResponse(200, FieldList.empty(), null, {
				reason: 'Connection established',
				tunnel: (client) => join(client, there),
			}),
		);
	}

	failed(error: unknown): void {
		if (!(error instanceof UpstreamError)) return this.reject(error);
		this.log(failureEntry(this.request, error, this.request.target));
		this.resolve(failureResponse(this.request, error, null, []));
	}
}
