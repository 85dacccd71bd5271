export { models } from '../en/models.ts';
