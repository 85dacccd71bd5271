import { describe, expect, it } from 'vitest';
import { besideFile, configuredAddress, isLoopback, sameAddress } from './settings-address.ts';

describe('the address for apps', () => {
  it('is made of host and port', () => {
    expect(configuredAddress({ host: '127.0.0.1', port: 11500 })).toBe('http://127.0.0.1:11500');
    expect(configuredAddress({ host: '::1', port: 80 })).toBe('http://[::1]:80');
    expect(configuredAddress({ host: '127.0.0.1', port: 0 })).toBeNull();
  });

  it('is the same by another name of this computer', () => {
    expect(sameAddress('http://localhost:11500', 'http://127.0.0.1:11500/')).toBe(true);
    expect(sameAddress('http://127.0.0.1:11501', 'http://127.0.0.1:11500')).toBe(false);
  });

  it('is one of this computer', () => {
    expect(['127.0.0.1', 'localhost', '::1', '0.0.0.0', '192.168.1.2', ''].filter(isLoopback)).toEqual(['127.0.0.1', 'localhost', '::1']);
  });
});

it('a file beside another is found on every system', () => {
  expect(besideFile('/home/me/.local/share/airdock/config.json', 'token')).toBe('/home/me/.local/share/airdock/token');
  expect(besideFile('C:\\Users\\me\\Airdock\\config.json', 'token')).toBe('C:\\Users\\me\\Airdock\\token');
  expect(besideFile('config.json', 'token')).toBe('token');
});
