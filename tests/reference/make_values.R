# The values the invented data set is compared with, by an independent route: base R on single rows.
# Run from the root of the repository: Rscript tests/reference/make_values.R   (needs jsonlite)
here <- "tests/reference/values"
answers <- read.csv(file.path(here, "data/invented.csv"), colClasses = c(unit = "character"))
units <- read.csv(file.path(here, "data/invented_headcount.csv"), colClasses = c(unit = "character", parent = "character"))
top <- "house"
answers$unit[answers$unit == ""] <- top  # who has no unit stands with those attached to the top

scales <- list(
  PACE = list(items = paste0("PACE", 1:5), low = 1, high = 5, reversed = c("PACE3", "PACE5"), risk = function(s) s >= 62.5),
  SUPPORT = list(items = paste0("SUPP", 1:4), low = 1, high = 4, reversed = "SUPP2", risk = function(s) s < 50),
  TIRED = list(items = paste0("TIRE", 1:3), low = 0, high = 6, reversed = character(0), risk = function(s) s >= 50))

keyed <- function(scale) {
  x <- as.matrix(answers[scale$items])
  for (item in scale$reversed) x[, item] <- scale$low + scale$high - x[, item]
  x
}
score <- function(scale) {
  x <- (keyed(scale) - scale$low) / (scale$high - scale$low) * 100
  answered <- rowSums(!is.na(x))
  value <- rowSums(x, na.rm = TRUE) / answered
  value[2 * answered < ncol(x)] <- NA
  round(value, 10)                       # equal answers give equal scores, whatever their order
}

below <- function(unit) {
  found <- unit
  repeat {
    more <- setdiff(units$unit[units$parent %in% found], found)
    if (!length(more)) return(found)
    found <- c(found, more)
  }
}

share_limits <- function(x, n, N) {      # Wilson (1927) with the finite population, cut at certainty
  if (n == N) return(c(x, x) / n)
  z <- qnorm(.975); p <- x / n; m <- n * (N - 1) / (N - n)
  middle <- (p + z^2 / (2 * m)) / (1 + z^2 / m)
  reach <- z / (1 + z^2 / m) * sqrt(p * (1 - p) / m + z^2 / (4 * m^2))
  c(max(middle - reach, x / N), min(middle + reach, (x + N - n) / N))
}

one_unit <- function(name, unit, value, risk) {
  members <- below(unit)
  y <- value[answers$unit %in% members & !is.na(value)]
  r <- value[!(answers$unit %in% members) & !is.na(value)]
  N <- sum(units$headcount[units$unit %in% members]); n <- length(y); m <- length(r)
  reach <- qt(.975, n - 1) * sd(y) / sqrt(n) * sqrt(1 - n / N)
  bound <- c(sum(y), sum(y) + 100 * (N - n)) / N
  shown <- if (sd(y) == 0 && n < N) bound else c(max(mean(y) - reach, bound[1]), min(mean(y) + reach, bound[2]))
  x <- sum(risk(y)); share <- share_limits(x, n, N)
  w <- t.test(y, r); u <- suppressWarnings(wilcox.test(y, r, exact = FALSE, correct = TRUE))
  df <- n + m - 2
  g <- (1 - 3 / (4 * df - 1)) * (mean(y) - mean(r)) / sqrt(((n - 1) * var(y) + (m - 1) * var(r)) / df)
  g_se <- sqrt((n + m) / (n * m) + g^2 / (2 * (n + m)))
  data.frame(scale = name, unit = unit, N = N, n = n, mean = mean(y), sd = sd(y),
    bound_lo = bound[1], bound_hi = bound[2], ci_shown_lo = shown[1], ci_shown_hi = shown[2],
    risk_x = x, risk_p = x / n, wilson_fpc_clip_lo = share[1], wilson_fpc_clip_hi = share[2],
    rest_n = m, rest_mean = mean(r), diff = mean(y) - mean(r),
    welch_t = unname(w$statistic), welch_df = unname(w$parameter), welch_p = w$p.value,
    diff_lo = w$conf.int[1], diff_hi = w$conf.int[2], mw_U = unname(u$statistic), mw_p = u$p.value,
    g = g, g_lo = g - qnorm(.975) * g_se, g_hi = g + qnorm(.975) * g_se,
    cliff = mean(sign(outer(y, r, "-"))))
}

reliability <- function(scale) {
  x <- na.omit(keyed(scale)); j <- ncol(x); n <- nrow(x)
  a <- j / (j - 1) * (1 - sum(apply(x, 2, var)) / var(rowSums(x)))
  list(n_complete = n, alpha = a,
    alpha_ci95_feldt = 1 - (1 - a) * qf(c(.975, .025), n - 1, (n - 1) * (j - 1)),
    item_rest_r = lapply(setNames(scale$items, scale$items), function(i) cor(x[, i], rowSums(x[, scale$items != i]))),
    distribution = lapply(setNames(scale$items, scale$items), function(i) { v <- answers[[i]]; v <- v[!is.na(v)]
      list(n_valid = length(v), counts = as.vector(table(factor(v, scale$low:scale$high))), mean = mean(v), sd = sd(v)) }))
}

organisation <- function(value) {
  known <- !is.na(value)
  y <- value[known]; unit <- answers$unit[known]
  k <- kruskal.test(y, factor(unit))
  N <- setNames(units$headcount, units$unit)[sort(unique(unit))]; W <- N / sum(N)
  n <- tapply(y, unit, length); middle <- sum(W * tapply(y, unit, mean))
  se <- sqrt(sum(W^2 * tapply(y, unit, var) / n * (1 - n / N)))
  list(kruskal_H = unname(k$statistic), kruskal_p = k$p.value,
    org_mean_respondents = mean(y), org_sd_respondents = sd(y),
    org_mean_stratified = middle, org_ci_stratified_fpc = middle + c(-1, 1) * qnorm(.975) * se)
}

rows <- do.call(rbind, lapply(names(scales), function(name) {
  value <- score(scales[[name]])
  do.call(rbind, lapply(setdiff(units$unit, top), function(u) one_unit(name, u, value, scales[[name]]$risk)))
}))
rows$welch_q_all <- p.adjust(rows$welch_p, "BH")
rows$mw_q_all <- p.adjust(rows$mw_p, "BH")

# Lights of one scale: red above 25 %, green below 10 %, firm when the whole interval agrees.
lights <- within(rows[rows$scale == "PACE", c("unit", "N", "n", "risk_x", "risk_p", "wilson_fpc_clip_lo", "wilson_fpc_clip_hi")], {
  firm <- ifelse(risk_p > .25, wilson_fpc_clip_lo > .25, ifelse(risk_p < .10, wilson_fpc_clip_hi < .10,
                 wilson_fpc_clip_lo >= .10 & wilson_fpc_clip_hi <= .25))
  light <- paste0(ifelse(risk_p > .25, "red", ifelse(risk_p < .10, "green", "orange")), ifelse(firm, "", "?"))
  firm <- NULL
})
names(lights)[6:7] <- c("lo", "hi")
digits <- function(v) if (is.numeric(v)) formatC(v, digits = 17, format = "g", width = -1) else v
lights[] <- lapply(lights, digits)
write.csv(lights, file.path(here, "invented/lights_pace.csv"), row.names = FALSE, quote = FALSE)
rows[] <- lapply(rows, digits)
write.csv(rows, file.path(here, "invented/units.csv"), row.names = FALSE, quote = FALSE)
save <- function(x, file) writeLines(jsonlite::toJSON(x, digits = I(17), auto_unbox = TRUE, pretty = TRUE), file.path(here, "invented", file))
save(lapply(scales, reliability), "scales.json")
save(lapply(scales, function(s) organisation(score(s))), "tests.json")
