// uptime.test.ts and zones.test.ts, and all that they try: whole days, second by second.
import '../../support/long.ts';
import './uptime.test.ts';
import './zones.test.ts';
