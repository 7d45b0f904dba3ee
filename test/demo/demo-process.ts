/** The demo as a child process: started as `npm start` does, found by the address it prints, stopped by a signal. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const SOON = 15_000;

export class DemoProcess {
	readonly url: string;
	private readonly child: ChildProcess;
	private readonly output: () => string;

	private constructor(url: string, child: ChildProcess, output: () => string) {
		this.url = url;
		this.child = child;
		this.output = output;
	}

	/** Resolves when the demo has printed its tour; rejects with what it printed when it does not get there. */
	static async start(port: number, environment: Record<string, string> = {}): Promise<DemoProcess> {
		const child = spawn(process.execPath, ['examples/demo/main.ts'], {
			cwd: root,
			env: { ...process.env, PROXY_PORT: '0', ...environment, PORT: String(port) },
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		let text = '';
		child.stdout.setEncoding('utf8').on('data', (more: string) => {
			text += more;
		});
		child.stderr.setEncoding('utf8').on('data', (more: string) => {
			text += more;
		});
		const url = await until(() => {
			if (child.exitCode !== null) throw new Error(`The demo ended with ${child.exitCode}:\n${text}`);
			return text.includes('access log.') ? /Open in a browser:\s+(http:\/\/[^/\s]+)/.exec(text)?.[1] : undefined;
		}).catch((error: unknown) => {
			child.kill('SIGKILL');
			throw error;
		});
		return new DemoProcess(url, child, () => text);
	}

	get port(): number {
		return Number(new URL(this.url).port);
	}

	/** The address of the forward proxy. */
	get proxy(): string {
		return /-x (http:\/\/\S+)/.exec(this.output())?.[1] ?? '';
	}

	/** The address of the old site itself. */
	get legacy(): string {
		return /(http:\/\/\S+?)\/? +the same site as it is/.exec(this.output())?.[1] ?? '';
	}

	signal(signal: NodeJS.Signals): void {
		this.child.kill(signal);
	}

	/** Resolves when the demo has printed something that fits. */
	async printed(pattern: RegExp): Promise<void> {
		await until(() => pattern.test(this.output()) || undefined).catch(() => {
			throw new Error(`Nothing printed fits ${pattern}:\n${this.output()}`);
		});
	}

	/** Sends the signal; resolves to the exit code, or the name of the signal that ended it. */
	async stop(signal: NodeJS.Signals): Promise<number | string | null> {
		if (this.child.exitCode !== null) return this.child.exitCode;
		const exit = once(this.child, 'exit') as Promise<[number | null, string | null]>;
		this.child.kill(signal);
		const killer = setTimeout(() => this.child.kill('SIGKILL'), SOON);
		const [code, by] = await exit;
		clearTimeout(killer);
		return code ?? by;
	}
}

/** Asks again and again until there is an answer. */
async function until<T>(ask: () => T | undefined): Promise<T> {
	const end = Date.now() + SOON;
	for (;;) {
		const answer = ask();
		if (answer !== undefined) return answer;
		if (Date.now() > end) throw new Error('It took too long');
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
}
