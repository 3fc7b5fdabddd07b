/* The near-limit: one pass over the columns in whole cents, with the rates and factors in tables. */

#include <stdint.h>

enum { WASTED_TRIP = 1, APPLICATION = 2, SERIAL_2024 = 45292, HOURS_OF_WEEK = 168, COUNTS = 25 };

typedef struct { int64_t fixed[2], hour[2], trip[2], application[2]; } Rates;

void ready(int64_t rows, const int64_t *restrict minutes, const int64_t *restrict halves,
           const int64_t *restrict years, const Rates *rates, int64_t *restrict total)
{
    for (int64_t row = 0; row < rows; row++) {
        const int64_t later = years[row] - 2023;
        int64_t hours = (uint32_t)(minutes[row] + 30) / 60; /* divided in 32 bits: the compiler makes vectors of it */
        hours = hours < 1 ? 1 : hours;
        const int64_t fixed = later ? rates->fixed[1] : rates->fixed[0];
        const int64_t hour = later ? rates->hour[1] : rates->hour[0];
        const int64_t trip = later ? rates->trip[1] : rates->trip[0];
        total[row] = fixed + ((hour * hours * halves[row] + 1) >> 1) + ((trip * halves[row] + 1) >> 1);
    }
}

void raw(int64_t rows, const double *restrict starts, const double *restrict lasting, const int64_t *restrict charges,
         const Rates *rates, const int64_t *restrict factors, const int64_t *restrict weights,
         int64_t *restrict total)
{
    for (int64_t row = 0; row < rows; row++) {
        const int64_t later = starts[row] >= SERIAL_2024;
        const int64_t begins = (uint32_t)(starts[row] * 1440 + 0.5) / 60 % HOURS_OF_WEEK;
        int64_t charged = (uint32_t)(lasting[row] * 60 + 30.5) / 60;
        charged = charged < 1 || charges[row] == WASTED_TRIP ? 1 : charged;
        const int64_t performance = (rates->hour[later] * weights[begins * COUNTS + charged] + 1) >> 1;
        const int64_t travel = (rates->trip[later] * factors[begins] + 1) >> 1;
        const int64_t fee = rates->fixed[later] + performance + travel;
        total[row] = charges[row] == APPLICATION ? rates->application[later] : fee;
    }
}
