/** The unit of templates: writes something for the node of a frame. */
import type { Output } from '../output/index.ts';
import type { Frame } from '../page/index.ts';

export type Instruction = (frame: Frame, out: Output) => void;

export const NOTHING: Instruction = () => {};

/** One after the other, as one instruction. */
export function sequence(instructions: readonly Instruction[]): Instruction {
	const [first, second] = instructions;
	if (first === undefined) return NOTHING;
	if (second === undefined) return first;
	return (frame, out) => {
		for (const instruction of instructions) instruction(frame, out);
	};
}

/** The same, with variables declared inside going no further. */
export function block(instructions: readonly Instruction[]): Instruction {
	const run = sequence(instructions);
	return (frame, out) => {
		const { scope } = frame;
		run(frame, out);
		frame.scope = scope;
	};
}
