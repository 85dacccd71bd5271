export { memory } from '../en/memory.ts';
