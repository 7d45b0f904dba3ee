/** A reverse proxy to one of several upstreams: what goes wrong is thrown, so that another may be asked, and answered by whoever gives up. */
import type { UpstreamStatistics } from '../../client/index.ts';
import {
	type App,
	type Context,
	noteComposition,
	type RawRequest,
	type UpstreamError,
} from '../../convention/index.ts';
import { failureEntry, failureResponse, logToStderr, type ProxyLogEntry } from '../failure.ts';
import { Hop } from '../hop.ts';
import { adviceFor } from './advice.ts';
import { checkReverseOptions } from './check-options.ts';
import { explainGateway } from './explain.ts';
import { Gateway } from './gateway.ts';
import type { ReverseOptions } from './options.ts';

export interface ReverseMember extends App {
	/** `http://host:port`: the upstream without its path. */
	readonly origin: string;
	statistics(): UpstreamStatistics;
	close(): Promise<void>;
}

/** Keeps all duties of `reverse`. Rejects with UpstreamError, which nobody has logged. Throws TypeError for a bad URL or option. */
export function reverseMember(to: string | URL, options: ReverseOptions = {}): ReverseMember {
	checkReverseOptions(options);
	const gateway = new Gateway([to], options, false);
	const { upstream } = gateway.targets[0] as Gateway['targets'][number];
	const app = (request: Request, context: Context): Response | Promise<Response> => gateway.handle(request, context);
	const explain = (request: RawRequest, context: Context) => explainGateway(gateway, request, context);
	noteComposition(app, { note: { name: 'reverse', explain }, layer: null, inner: [] });
	return Object.assign(app, {
		origin: upstream.origin.name,
		statistics: () => upstream.statistics(),
		close: () => gateway.close(),
	});
}

/** How a failure is told to the client, and to the operator. */
export interface FailureTeller {
	answer(request: Request & Parameters<typeof failureResponse>[0], error: UpstreamError): Response;
	tell(request: Parameters<typeof failureEntry>[0], error: UpstreamError, upstream: string): void;
}

/** As `reverse` with these options does it. */
export function failureTeller(options: Pick<ReverseOptions, 'name' | 'proxyStatus' | 'log'>): FailureTeller {
	const name = options.proxyStatus === false ? null : new Hop(options.name).name;
	const log: (entry: ProxyLogEntry) => void = options.log ?? logToStderr;
	return {
		answer: (request, error) => failureResponse(request, error, name, adviceFor(error.status)),
		tell: (request, error, upstream) => log(failureEntry(request, error, upstream)),
	};
}
