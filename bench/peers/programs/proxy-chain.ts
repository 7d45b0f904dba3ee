/** proxy-chain with kept-alive upstream connections: `node proxy-chain.ts PORT`. */
import { Agent } from 'node:http';
import { createRequire } from 'node:module';

interface ProxyChain {
	Server: new (options: {
		port: number;
		host: string;
		prepareRequestFunction: () => { httpAgent: Agent };
	}) => { listen(): Promise<void> };
}

// Required by name at run time: the package may not be installed where the types are checked.
const library = createRequire(import.meta.url)('proxy-chain') as ProxyChain;

const httpAgent = new Agent({ keepAlive: true, maxFreeSockets: 128 });
const prepareRequestFunction = (): { httpAgent: Agent } => ({ httpAgent });
await new library.Server({ port: Number(process.argv[2]), host: '127.0.0.1', prepareRequestFunction }).listen();
