/** The page of PHP through our FastCGI, its connections kept as the peers keep theirs: SOCKET and ROOT say where it is. */
import { fastcgi } from 'turnabout';

const { SOCKET = '', ROOT = '', CONNECTIONS = '0' } = process.env;
const connections = Number(CONNECTIONS);

// oxlint-disable-next-line no-default-export -- an app is what a served module exports by default
export default fastcgi(`unix:${SOCKET}`, { root: ROOT, pool: { connections, idle: connections } });
