import { relayCases } from './relay-cases.ts';

relayCases('buffers of our own', 100);
