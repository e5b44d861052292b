import { trainsOnTheProcessor } from './start.ts';

trainsOnTheProcessor('Chromium without an adapter');
