/** The forward proxy as an app. */
import type { ConnectorStatistics, UpstreamStatistics } from '../../client/index.ts';
import { type App, type Context, noteComposition, type RawRequest } from '../../convention/index.ts';
import { checkForwardOptions } from './check-options.ts';
import { explainForward } from './explain.ts';
import { ForwardGateway } from './forward-gateway.ts';
import type { ForwardOptions } from './options.ts';

export interface Forward extends App {
	/** Tunnels, and what each origin's pool is doing. */
	statistics(): {
		readonly tunnels: ConnectorStatistics;
		readonly origins: Readonly<Record<string, UpstreamStatistics>>;
	};
	/** Closes connections to all origins: idle ones and tunnels now, the others behind their exchange. */
	close(): Promise<void>;
}

/**
 * A forward proxy: requests in absolute-form go out to whom they name, CONNECT opens a tunnel. Refusals are 403, failures 502,
 * 503 or 504, all with Proxy-Status. Who may use it is said by layers around it, by `basicAuth({ role: 'proxy', … })` say; where to, by
 * `policy`. Throws TypeError or RangeError for options that cannot be meant.
 */
export function forward(options: ForwardOptions = {}): Forward {
	checkForwardOptions(options);
	const gateway = new ForwardGateway(options);
	const app = (request: Request, context: Context): Response | Promise<Response> => gateway.handle(request, context);
	const explain = (request: RawRequest, context: Context) => explainForward(gateway, request, context);
	noteComposition(app, { note: { name: 'forward', explain }, layer: null, inner: [] });
	return Object.assign(app, {
		statistics: () => ({ tunnels: gateway.connector.statistics(), origins: gateway.upstreams.statistics() }),
		close: () => gateway.close(),
	});
}
