# More values for the invented data set and for single formulas, again by an independent route: base R
# on single rows, whole matrices instead of sums. Run from the root of the repository:
# Rscript tests/reference/make_samples.R   (needs jsonlite)
here <- "tests/reference/values"
read <- function(name, ...) read.csv(file.path(here, "data", name), colClasses = c(unit = "character", ...))
answers <- read("invented.csv"); units <- read("invented_headcount.csv", parent = "character")
answers$unit[answers$unit == ""] <- "house"
N <- setNames(units$headcount, units$unit)
save <- function(x, file) writeLines(jsonlite::toJSON(x, digits = I(17), auto_unbox = TRUE, pretty = TRUE, na = "null", null = "null"), file.path(here, file))
named <- function(v, names) setNames(as.list(unname(v)), names)

score <- function(items, low, high, reversed = character(0)) {
  x <- as.matrix(answers[items]); x[, reversed] <- low + high - x[, reversed]
  x <- 100 * (x - low) / (high - low); y <- rowMeans(x, na.rm = TRUE)
  y[2 * rowSums(!is.na(x)) < ncol(x)] <- NA
  y
}
PACE <- score(paste0("PACE", 1:5), 1, 5, c("PACE3", "PACE5"))
SUPPORT <- score(paste0("SUPP", 1:4), 1, 4, "SUPP2")
TIRED <- score(paste0("TIRE", 1:3), 0, 6)

# ---- pretended campaigns: odd rows first, even rows second
wave <- ifelse(seq_len(nrow(answers)) %% 2 == 1, 1, 2)
both <- Filter(function(u) all(sapply(1:2, function(w) sum(answers$unit == u & wave == w & !is.na(TIRED)) > 1)), units$unit)
trend <- do.call(rbind, lapply(both, function(u) {
  of <- function(w) { y <- TIRED[answers$unit == u & wave == w]; y[!is.na(y)] }
  a <- of(1); b <- of(2)
  va <- var(a) / length(a) * (1 - length(a) / N[[u]]); vb <- var(b) / length(b) * (1 - length(b) / N[[u]])
  df <- (va + vb)^2 / (va^2 / (length(a) - 1) + vb^2 / (length(b) - 1)); d <- mean(b) - mean(a); se <- sqrt(va + vb)
  data.frame(unit = u, N = N[[u]], n1 = length(a), n2 = length(b), mean1 = mean(a), mean2 = mean(b), change = d,
    se_fpc = se, df_fpc = df, lo_fpc = d - qt(.975, df) * se, hi_fpc = d + qt(.975, df) * se)
}))
written <- trend; written[] <- lapply(trend, function(v) if (is.numeric(v)) formatC(v, digits = 17, format = "g", width = -1) else v)
write.csv(written, file.path(here, "invented/trend_tired.csv"), row.names = FALSE, quote = FALSE)

# ---- every second of these units acted; CR2 with whole matrices
acted <- both[seq(2, length(both), 2)]
ch <- setNames(trend$change, trend$unit); t1 <- t.test(ch[acted], ch[setdiff(both, acted)])
keep <- answers$unit %in% both & !is.na(TIRED)
d <- data.frame(y = TIRED[keep], u = answers$unit[keep], w = as.numeric(wave[keep] == 2)); d$t <- as.numeric(d$u %in% acted)
X <- model.matrix(~ t * w, d); bread <- solve(crossprod(X)); beta <- bread %*% crossprod(X, d$y); e <- as.vector(d$y - X %*% beta)
hat <- X %*% bread %*% t(X); rest <- diag(nrow(X)) - hat; g <- split(seq_len(nrow(X)), d$u); contrast <- bread[, "t:w"]
power <- function(M) { s <- eigen(M, symmetric = TRUE); s$vectors %*% diag(ifelse(s$values > 1e-10, s$values^-.5, 0)) %*% t(s$vectors) }
A <- lapply(g, function(i) power(rest[i, i, drop = FALSE]))
v <- sum(sapply(names(g), function(k) sum(contrast * (t(X[g[[k]], , drop = FALSE]) %*% A[[k]] %*% e[g[[k]]]))^2))
G <- sapply(names(g), function(k) rest[, g[[k]], drop = FALSE] %*% A[[k]] %*% X[g[[k]], , drop = FALSE] %*% contrast)
P <- crossprod(G); df <- sum(diag(P))^2 / sum(P^2); se <- sqrt(v); b <- beta["t:w", 1]
save(list(tired = list(units_with = length(acted), units_without = length(both) - length(acted), did_unit_level = unname(t1$estimate[1] - t1$estimate[2]),
  t = unname(t1$statistic), df = unname(t1$parameter), p = t1$p.value, ci95 = as.vector(t1$conf.int), did_person_level = unname(b), se_cr2 = se,
  df_satterthwaite = df, p_cr2 = unname(2 * pt(-abs(b / se), df)))), "invented/did.json")

# ---- drivers, from rows and least squares
drivers <- function(y, X, unit) {
  ok <- complete.cases(y, X); y <- y[ok]; X <- as.matrix(X)[ok, , drop = FALSE]; unit <- unit[ok]; p <- ncol(X)
  r2 <- function(s, y., X.) if (length(s)) summary(lm(y. ~ X.[, s, drop = FALSE]))$r.squared else 0
  weights <- function(y, X) {                       # Johnson's: correlations with the closest orthogonal variables
    s <- svd(scale(X)); Q <- s$u %*% t(s$v); as.vector(cor(X, Q)^2 %*% cor(Q, y)^2) }
  w <- weights(y, X); full <- r2(seq_len(p), y, X)
  dominance <- sapply(seq_len(p), function(i) { others <- setdiff(seq_len(p), i)
    mean(sapply(0:(p - 1), function(size) { sets <- if (size == 0) list(integer(0)) else if (length(others) == 1) list(others) else combn(others, size, simplify = FALSE)
      mean(sapply(sets, function(s) r2(c(s, i), y, X) - r2(s, y, X))) })) })
  Z <- scale(X); zy <- as.vector(scale(y))
  ridge <- lapply(c(lambda_1 = 1, lambda_10 = 10, lambda_100 = 100), function(l) named(solve(crossprod(Z) + l * diag(p), crossprod(Z, zy)), colnames(X)))
  groups <- unique(unit); K <- length(groups)
  jack <- if (K >= 20) { W <- sapply(groups, function(u) weights(y[unit != u], X[unit != u, , drop = FALSE]))
    h <- qt(.975, K - 1) * sqrt((K - 1) / K * rowSums((W - rowMeans(W))^2))
    list(relative_weight_jackknife_low = named(pmax(0, w - h), colnames(X)), relative_weight_jackknife_high = named(pmin(full, w + h), colnames(X))) }
  c(list(n = length(y), predictors = colnames(X), R2 = full, relative_weight_raw = named(w, colnames(X)), general_dominance = named(dominance, colnames(X)), ridge_beta_standardised = ridge), jack)
}
ok <- complete.cases(TIRED, PACE, SUPPORT); centred <- function(v) { v[!ok] <- NA; v - ave(v, answers$unit, FUN = function(x) mean(x, na.rm = TRUE)) }
items <- answers[c(paste0("PACE", 1:5), paste0("SUPP", 1:4))]
save(list(tired_on_scales = drivers(TIRED, cbind(PACE = PACE, SUPPORT = SUPPORT), answers$unit),
  tired_on_scales_within_unit = drivers(centred(TIRED), cbind(PACE = centred(PACE), SUPPORT = centred(SUPPORT)), answers$unit),
  tired_on_items = drivers(TIRED, items, answers$unit)), "invented/drivers.json")

# ---- who answered
n <- as.vector(table(factor(answers$unit, units$unit))); here_ <- units$headcount > 0; n <- n[here_]; M <- units$headcount[here_]
test <- suppressWarnings(chisq.test(cbind(n, M - n), correct = FALSE)); S2 <- sum(M * (n / M - sum(n) / sum(M))^2) / (sum(M) - 1)
chance <- sum(n / M * (1 - n / M) * (1 - M / sum(M))) / (sum(M) - 1)
save(list(N = sum(M), n = sum(n), chisq_independence = unname(test$statistic), p = test$p.value, cramers_v = sqrt(unname(test$statistic) / sum(M)), min_expected = min(test$expected),
  R_indicator = 1 - 2 * sqrt(S2), R_indicator_adj = 1 - 2 * sqrt(max(0, S2 - chance)), max_abs_bias_in_sd = sqrt(S2) / (sum(n) / sum(M))), "invented/nonresponse.json")

# ---- single formulas
score_of <- function(x, N) { n <- length(x); v <- ifelse(x >= 9, 100, ifelse(x <= 6, -100, 0)); m <- mean(v); s <- sd(v)
  known <- !is.na(N) && N > 0; fpc <- if (!known || n > N) 1 else 1 - n / N; ci <- m + c(-1, 1) * qt(.975, n - 1) * s / sqrt(n) * sqrt(fpc)
  bound <- if (!known || N < n) c(-100, 100) else (sum(v) + c(-100, 100) * (N - n)) / N
  list(promoters = sum(x >= 9), passives = sum(x > 6 & x < 9), detractors = sum(x <= 6), n = n, N = N, score = m, sd = s,
    ci_shown = if (s == 0 && !isTRUE(n == N)) bound else c(max(ci[1], bound[1]), min(ci[2], bound[2]))) }
of <- function(pro, pas, con) rep(c(9, 7, 3), c(pro, pas, con))
poisson <- function(a, hours) { p <- if (a == 0) c(0, -log(.025)) else as.vector(poisson.test(a)$conf.int); list(accidents = a, hours = hours, Fg = a * 1e6 / hours, Fg_ci95_poisson_exact = p * 1e6 / hours) }
binomial <- function(x, n) list(x = x, n = n, per_1000 = 1000 * x / n, ci_per_1000 = 1000 * as.vector(binom.test(x, n)$conf.int))
group <- c(1, 1, 1, 2, 2, 3, 2, 1, 3, 3, 2, 1, 1, 2); everybody <- c(1, 2, 1, 2, 3, 3, 2, 2, 3, 2, 3, 1, 1, 3)
table3 <- table(factor(group, 1:3), factor(everybody, 1:3)); apart <- abs(outer(1:3, 1:3, "-")); p <- table3 / sum(table3)
save(list(
  recommendation_score = list(score_of(of(11, 9, 6), 37), score_of(of(30, 10, 30), 70), score_of(of(18, 0, 0), 25), score_of(of(5, 6, 7), NA), score_of(of(16, 3, 2), 19)),
  accidents = list(poisson(9, 240000), poisson(1, 61000), poisson(0, 30000)),
  double_entry = list(binomial(3, 5000), binomial(0, 800), binomial(40, 1000)),
  lights = list(supervisors = group, staff = everybody, table = unname(apply(table3, 1, as.vector, simplify = FALSE)), exact_agreement = mean(group == everybody),
    kappa_linear = 1 - sum(apart * p) / sum(apart * outer(rowSums(p), colSums(p))), mean_gap_staff_minus_supervisors = mean(everybody - group),
    sign_test_p = binom.test(sum(everybody > group), sum(everybody != group))$p.value)), "formulas/formulas.json")
