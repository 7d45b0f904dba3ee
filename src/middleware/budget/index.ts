export { type Budget, type BudgetStatistics, budget } from './budget.ts';
export {
	type MemoryBudgets,
	type MemoryBudgetsOptions,
	type MemoryBudgetsStatistics,
	memoryBudgets,
} from './memory-store.ts';
export type { BudgetLogEntry, BudgetOptions } from './options.ts';
export type { BudgetStore, Used as BudgetUsed } from './store.ts';
