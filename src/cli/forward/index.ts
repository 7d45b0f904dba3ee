export { forwardCommand } from './forward-command.ts';
export { throughCommand } from './through-command.ts';
