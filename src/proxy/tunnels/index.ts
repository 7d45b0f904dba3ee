export { type Tunnels, type TunnelsOptions, tunnels } from './tunnels.ts';
