/** Plays a wire script against a listener: in whole writes, cut at one position, or byte by byte. */
import type { TestContext } from 'node:test';
import { connect } from './raw-client.ts';
import type { RawPeer } from './raw-peer.ts';
import { match } from './wire-match.ts';
import type { Step, WireCase } from './wire-script.ts';

/** Where the client's bytes are cut into writes: nowhere, before one byte, or before every byte. */
export type Delivery = 'whole' | 'bytes' | number;

/** Lets the server's side read what was written before the next write: loopback delivers at once, the loop must turn. */
async function turn(): Promise<void> {
	await new Promise((resolve) => setImmediate(resolve));
	await new Promise((resolve) => setImmediate(resolve));
}

function cut(piece: string, from: number, delivery: Delivery): string[] {
	if (delivery === 'whole') return [piece];
	if (delivery === 'bytes') return piece.split('');
	const at = delivery - from;
	return at > 0 && at < piece.length ? [piece.slice(0, at), piece.slice(at)] : [piece];
}

class Player {
	private readonly peer: RawPeer;
	private readonly delivery: Delivery;
	private sentBytes = 0;
	private matched = 0;

	constructor(peer: RawPeer, delivery: Delivery) {
		this.peer = peer;
		this.delivery = delivery;
	}

	async play(steps: readonly Step[]): Promise<void> {
		for (const step of steps) await this.step(step);
		if (!this.peer.socket.writableEnded) this.peer.finish();
		const ending = await this.peer.closed();
		const abrupt = steps.some((step) => step.kind === 'cut');
		if (ending === 'reset' && !abrupt) throw new Error(`The connection was reset: ${this.peer.failure?.message}`);
		const extra = this.peer.received.slice(this.matched);
		if (extra !== '') throw new Error(`More came than expected: ${JSON.stringify(extra)}`);
	}

	private async step(step: Step): Promise<void> {
		if (step.kind === 'send') return this.send(step.pieces);
		if (step.kind === 'expect') return this.expect(step);
		if (step.kind === 'pause') return new Promise((resolve) => setTimeout(resolve, step.ms));
		if (step.kind === 'finish') {
			this.peer.finish();
			return;
		}
		const ending = await this.peer.closed();
		if (step.kind === 'closed' && ending === 'reset') throw new Error('The connection was reset instead of closed.');
	}

	private async send(pieces: readonly string[]): Promise<void> {
		for (const [index, piece] of pieces.entries()) {
			if (index > 0) await turn();
			const parts = cut(piece, this.sentBytes, this.delivery);
			this.sentBytes += piece.length;
			for (const [part, bytes] of parts.entries()) {
				if (part > 0) await turn();
				this.peer.send(bytes);
			}
		}
	}

	private async expect(step: Step & { kind: 'expect' }): Promise<void> {
		const next = await this.peer.when(
			() => {
				const found = match(step.expected, this.peer.received, this.matched);
				if (found.kind === 'match') return found.next;
				const rest = JSON.stringify(this.peer.received.slice(this.matched));
				if (found.kind === 'no') throw new Error(`${found.why} in ${rest}`);
				if (this.peer.over) throw new Error(`The connection ended too early, after ${rest}`);
				return null;
			},
			`match of ${JSON.stringify(step.expected)}`,
		);
		this.matched = next;
	}
}

/** Plays the case once on a new connection. */
export async function play(t: TestContext, wireCase: WireCase, port: number, delivery: Delivery): Promise<void> {
	const peer = await connect(t, port);
	try {
		await new Player(peer, delivery).play(wireCase.steps);
	} catch (error) {
		throw new Error(`${wireCase.title} (delivery: ${delivery}): ${(error as Error).message}`, { cause: error });
	} finally {
		peer.destroy();
	}
}

/** Every way to deliver a case: for long ones the positions near both ends and some between. */
export function deliveries(wireCase: WireCase): Delivery[] {
	if (!wireCase.split) return ['whole'];
	const total = wireCase.steps.reduce((sum, step) => sum + (step.kind === 'send' ? step.pieces.join('').length : 0), 0);
	const positions = Array.from({ length: Math.max(total - 1, 0) }, (_none, index) => index + 1);
	if (total <= 600) return ['whole', 'bytes', ...positions];
	const stride = Math.ceil(total / 50);
	return ['whole', ...positions.filter((at) => at < 150 || at > total - 100 || at % stride === 0)];
}
