import { describe, expect, it } from 'vitest';
import { refusal } from './http';

describe('refusal', () => {
  it('says what is wrong with which field', () => {
    const body = JSON.stringify({ detail: 'Validation error', validation_errors: { title: ['Too short.'], items: { '3': ['No text.'] } } });
    const refused = refusal(400, body);
    expect(refused.fields).toEqual({ title: ['Too short.'], items: ['No text.'] });
    expect(refused.message).toBe('Too short. No text.');
  });

  it('has a sentence for an answer that is not ours', () => {
    expect(refusal(502, '<html>Bad gateway</html>').message).toBe('The server answered 502.');
  });
});
