/// The routines of LAPACK that are called, as a Fortran compiler exports them. The numbers at the end
/// of an argument list are the lengths of its character arguments.
#include <stddef.h>
#include <stdint.h>

/// The singular values of a bidiagonal matrix by dqds, in descending order, to high relative accuracy.
void dlasq1_(const int32_t *n, double *d, double *e, double *work, int32_t *info);

/// Chosen eigenvalues and eigenvectors of a symmetric tridiagonal matrix by relatively robust
/// representations.
void dstemr_(const char *jobz, const char *range, const int32_t *n, double *d, double *e,
             const double *vl, const double *vu, const int32_t *il, const int32_t *iu, int32_t *m,
             double *w, double *z, const int32_t *ldz, const int32_t *nzc, int32_t *isuppz,
             int32_t *tryrac, double *work, const int32_t *lwork, int32_t *iwork,
             const int32_t *liwork, int32_t *info, size_t jobz_length, size_t range_length);

/// Chosen eigenvalues and eigenvectors of a symmetric band matrix.
void dsbevx_(const char *jobz, const char *range, const char *uplo, const int32_t *n,
             const int32_t *kd, double *ab, const int32_t *ldab, double *q, const int32_t *ldq,
             const double *vl, const double *vu, const int32_t *il, const int32_t *iu,
             const double *abstol, int32_t *m, double *w, double *z, const int32_t *ldz,
             double *work, int32_t *iwork, int32_t *ifail, int32_t *info, size_t jobz_length,
             size_t range_length, size_t uplo_length);

/// Solves a system with a symmetric positive definite band matrix.
void dpbsv_(const char *uplo, const int32_t *n, const int32_t *kd, const int32_t *nrhs, double *ab,
            const int32_t *ldab, double *b, const int32_t *ldb, int32_t *info, size_t uplo_length);

/// The eigenvalues of a complex matrix, whose numbers are pairs of real and imaginary parts.
void zgeev_(const char *jobvl, const char *jobvr, const int32_t *n, double *a, const int32_t *lda,
            double *w, double *vl, const int32_t *ldvl, double *vr, const int32_t *ldvr,
            double *work, const int32_t *lwork, double *rwork, int32_t *info, size_t jobvl_length,
            size_t jobvr_length);

/// The singular values of a matrix, in descending order, with its singular vectors.
void dgesvd_(const char *jobu, const char *jobvt, const int32_t *m, const int32_t *n, double *a,
             const int32_t *lda, double *s, double *u, const int32_t *ldu, double *vt,
             const int32_t *ldvt, double *work, const int32_t *lwork, int32_t *info,
             size_t jobu_length, size_t jobvt_length);
