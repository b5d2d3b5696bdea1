/** Real parts take their time, and more of it on a busy machine: jest's 5 seconds are for unit tests. */
jest.setTimeout(120_000);
