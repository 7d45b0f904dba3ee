export { installServiceCommand } from './install-service-command.ts';
