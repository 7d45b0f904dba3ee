import { compositionFaults } from '../convention/index.ts';
import { StartError } from './start-error.ts';

/** Throws StartError when layers stand in an order that makes no sense, with the reasons. */
export function checkComposition(app: object): void {
	const faults = compositionFaults(app);
	if (faults.length === 0) return;
	throw new StartError(
		`the order of the layers cannot be meant: ${faults.join('\n  ')}`,
		'The first layer of a stack is the outermost; `turnabout explain` shows them all.',
	);
}
